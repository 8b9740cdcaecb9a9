import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { accessDocument } from './access-table.js';

const file = path.resolve(import.meta.dirname, '../../docs/access.md');

describe('the table of access', () => {
  it('has a line for every command and query, and says what the code says', () => {
    if (process.env['UPDATE_DOCS'] === '1') writeFileSync(file, accessDocument());
    expect(readFileSync(file, 'utf8')).toBe(accessDocument());
  });
});
