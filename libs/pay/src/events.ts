// The door for read models: event types and the documents they carry, with what follows from a document alone.
export * from './indicator/indicator.document.js';
export * from './indicator/indicator.events.js';
export * from './indicator/indicator.traits.js';
export * from './indicator/indicator.versions.js';
export * from './shared/vocabulary.js';
