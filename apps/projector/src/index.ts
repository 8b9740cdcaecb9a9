export { createProcessProgram } from './process-program.js';
export { createProjectorProgram } from './projector-program.js';
