export { WatchHub } from './watch-hub.js';
