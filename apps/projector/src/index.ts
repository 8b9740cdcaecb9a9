export { createProjectorProgram } from './projector-program.js';
