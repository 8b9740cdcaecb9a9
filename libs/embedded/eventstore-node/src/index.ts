export { type EventStoreChild, keepEventStoreNode, spawnEventStoreNode, type SpawnOptions } from './child.js';
export { type EventStoreNode, type EventStoreNodeOptions, startEventStoreNode } from './node.js';
export { copyLog } from './log-store.js';
export { SharedClock } from './shared-clock.js';
export { type EventStoreThread, startEventStoreThread, type ThreadOptions } from './thread.js';
