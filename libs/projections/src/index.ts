export { applyBatch, BuildWriter, type PreparedBatch } from './apply-batch.js';
export type { RebuildMode } from './builds.js';
export { connect, type Database, disconnect } from './connection.js';
export { type Build, type BuildStatus, type LastEvent, MOVED_CHANNEL } from './control.js';
export * from './definition.js';
export type { EraseHook } from './erasing.js';
export { dumpSet } from './dump.js';
export {
  CheckpointMovedError,
  ForeignLogError,
  NewerBuildError,
  type Poison,
  PoisonEventError,
  RebuildRefusedError,
  SetNotBuiltError,
} from './errors.js';
export type { RebuildProgress } from './progress.js';
export { createProjector, type Projector, type ProjectorOptions, type RebuildRequest } from './projector.js';
export { grantReaders, lookInto, revokeReaders, type Snapshot, withSnapshot } from './reading.js';
export { planSet, type SetPlan } from './set-plan.js';
export type { Message } from './set-runner.js';
export type { RunnerStatus, SetState } from './set-state.js';
export { type BuildReport, status } from './status.js';
export { type Supposed, type Suppose, withSupposition } from './supposing.js';
export type { SwapHook } from './swap.js';
export { waitFor } from './wait-for.js';
