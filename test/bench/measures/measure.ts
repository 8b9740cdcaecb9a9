import type { Finding } from '../harness/finding.js';
import type { Setting } from '../harness/setting.js';

/** What is measured together. */
export interface Measure {
  readonly name: string;
  /** For `--help`. */
  readonly summary: string;
  readonly run: (setting: Setting) => Promise<readonly Finding[]>;
}
