export { commandIdOf } from './issue.js';
export { passes } from './passes.js';
export type { Asked, Look, ProcessManager, TimedProcess } from './process.definition.js';
export {
  type Checkpoints,
  createProcessRunner,
  type ProcessMessage,
  type ProcessRunner,
  type ProcessRunnerOptions,
  type ProcessState,
} from './runner.js';
