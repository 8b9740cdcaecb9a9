// The fence: who may import whom, by folder (`import type` included). docs/architecture.md draws it.

/** Room → rooms it may import besides itself. A room that is not named may import nothing of ours. */
const HOUSE = {
  'libs/kernel': [],
  'libs/sales': ['libs/kernel'],
  'libs/pay': ['libs/kernel'],
  'libs/event-log': ['libs/kernel'],
  'libs/projections': ['libs/kernel', 'libs/event-log'],
  // Of sales and pay, events and formulas only: separate rules below.
  'libs/read-models': ['libs/kernel', 'libs/projections', 'libs/sales', 'libs/pay'],
  'libs/processes': ['libs/kernel', 'libs/event-log'],
  'libs/app-store': ['libs/kernel', 'libs/event-log'],
  'libs/runtime': ['libs/kernel', 'libs/sales', 'libs/pay', 'libs/event-log', 'libs/app-store', 'libs/projections'],
  'libs/embedded/shared': [],
  'libs/embedded/eventstore-node': ['libs/embedded/shared'],
  'libs/embedded/postgres': ['libs/embedded/shared'],
  'apps/api': [
    'libs/kernel',
    'libs/sales',
    'libs/pay',
    'libs/event-log',
    'libs/projections',
    'libs/read-models',
    'libs/app-store',
    'libs/runtime',
  ],
  'apps/projector': [
    'libs/kernel',
    'libs/event-log',
    'libs/projections',
    'libs/read-models',
    'libs/app-store',
    'libs/runtime',
    'libs/sales',
    'libs/pay',
    'libs/processes',
  ],
  // The one app that runs the others together.
  'apps/cli': ['apps/api', 'apps/projector', 'libs/'],
};

const SPECS = '\\.spec\\.ts$|/testing/';

const rooms = Object.entries(HOUSE).map(([room, neighbours]) => ({
  name: `room-${room.replaceAll('/', '-')}`,
  severity: 'error',
  comment: `${room} may import ${neighbours.length === 0 ? 'nothing of ours' : neighbours.join(', ')}`,
  from: { path: `^${room}/`, pathNot: SPECS },
  to: {
    path: '^(apps|libs|test)/',
    pathNot: [room, ...neighbours].map((allowed) => `^${allowed}${allowed.endsWith('/') ? '' : '/'}`),
  },
}));

/** What the pure rooms may take from npm; nothing from Node itself. */
const PURE_PACKAGES = ['class-validator', 'class-transformer', 'temporal-polyfill', 'reflect-metadata'];

/** Package → the only rooms that may import it. */
const RESERVED = {
  '@eventstore/db-client': ['libs/event-log', 'libs/embedded/eventstore-node'],
  '@grpc/grpc-js': ['libs/event-log', 'libs/embedded/eventstore-node'],
  lmdb: ['libs/embedded/eventstore-node'],
  typeorm: ['libs/app-store'],
  'pg-copy-streams': ['libs/projections'],
  '@nestjs': ['apps/api', 'apps/projector', 'libs/runtime'],
};

module.exports = {
  forbidden: [
    ...rooms,
    {
      name: 'read-models-events-only',
      severity: 'error',
      comment: 'read models know what happened and the rules of the map over it, not how it was decided',
      from: { path: '^libs/read-models/', pathNot: SPECS },
      to: { path: '^libs/sales/', pathNot: '^libs/sales/src/(events|walk|.*\\.events|.*\\.document|shared/answers)\\.ts$' },
    },
    {
      name: 'read-models-pay-formulas-only',
      severity: 'error',
      comment: 'read models know the definitions and the formulas of pay, not how they were decided',
      from: { path: '^libs/read-models/', pathNot: SPECS },
      to: {
        path: '^libs/pay/',
        pathNot: '^libs/pay/src/(events|.*\\.(events|document|traits|versions)|shared/vocabulary|(figures|calculation)/.*)\\.ts$',
      },
    },
    {
      name: 'pure-rooms',
      severity: 'error',
      comment: 'domain code is pure: no framework, no I/O',
      from: { path: '^libs/(kernel|sales|pay)/', pathNot: SPECS },
      to: {
        dependencyTypes: [
          'npm',
          'npm-dev',
          'npm-optional',
          'npm-peer',
          'npm-no-pkg',
          'npm-unknown',
          'core',
          'unknown',
          'undetermined',
        ],
        pathNot: PURE_PACKAGES.map((name) => `node_modules/${name}(/|$)`),
      },
    },
    ...Object.entries(RESERVED).map(([name, owners]) => ({
      name: `only-${name.replace(/[@/]/g, '')}`,
      severity: 'error',
      comment: `${name} belongs to ${owners.join(', ')}`,
      from: { path: '^(apps|libs)/', pathNot: [SPECS, ...owners.map((owner) => `^${owner}/`)] },
      to: { path: `node_modules/${name}/` },
    })),
    {
      name: 'no-circular',
      severity: 'error',
      comment: 'files do not import in circles',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '\\.tsbuildinfo$|^dist/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'require', 'node', 'default', 'types'],
    },
  },
};
