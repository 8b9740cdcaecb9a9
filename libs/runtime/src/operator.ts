import type { NewApiKey } from '@voronka/app-store';

/** What the key of whoever runs the installation may do, whichever program makes it. */
export const OPERATOR: NewApiKey = {
  name: 'operator',
  roles: ['admin', 'service', 'head', 'director', 'auditor'],
};
