export { definitionsOf } from './codec.js';
export type { CommandRequest } from './command-request.js';
export * from './errors.js';
export { eventIdOf, type HashedRequest, requestHashOf } from './event-ids.js';
export * from './event-log.port.js';
export {
  type Connection,
  openEventLog,
  type OpenEventLogOptions,
  type ReadThread,
  type Timeouts,
} from './event-store-db-log.js';
export {
  type CommandHandler,
  type CommandHandlerDeps,
  type CommandResult,
  createCommandHandler,
} from './handle-command.js';
export {
  decrypt,
  deriveKey,
  encrypt,
  generateSubjectKey,
  MasterKeyError,
  parseMasterKey,
  requestHashKey,
  unwrapSubjectKey,
  wrapSubjectKey,
} from './key-wrapping.js';
export { type CommandSupposer, createCommandSupposer, type SupposedCommand } from './suppose-command.js';
export { type CommandEvent, createThingStates, type ThingState, type ThingStates } from './thing-states.js';
