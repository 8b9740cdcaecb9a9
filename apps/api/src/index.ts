export { overdueSteps } from './queries/worklist.query.js';
export { payrollTable } from './queries/payroll-table.js';
export { type Api, type ApiOptions, createApi } from './api.js';
export { type CommandPreview, previewCommand, type PreviewSources } from './previews/previewer.js';
