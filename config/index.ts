export * from './config.js';
export * from './config-error.js';
export * from './did-you-mean.js';
export * from './load-config.js';
export * from './registered-plugins.js';
export * from './schema.js';
