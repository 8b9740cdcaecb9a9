export { createProcessProgram, managersOn, timedOn } from './process-program.js';
export { createProjectorProgram } from './projector-program.js';
export { createPayWorker, type PayWorker } from './pay-worker.js';
