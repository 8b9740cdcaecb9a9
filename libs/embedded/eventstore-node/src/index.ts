export { type EventStoreChild, keepEventStoreNode, spawnEventStoreNode, type SpawnOptions } from './child.js';
export { type EventStoreNode, type EventStoreNodeOptions, startEventStoreNode } from './node.js';
export { copyLog } from './log-store.js';
