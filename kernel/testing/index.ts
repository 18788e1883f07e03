export * from './memory-store.js';
export * from './virtual-clock.js';
