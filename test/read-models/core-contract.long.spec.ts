import { auditSet, coreSet } from '@voronka/read-models';
import { randomLog } from '../../libs/read-models/src/core/testing/random-log.js';
import { projectionContract } from '../projections/projection-contract.js';
import { randomFrom } from '../projections/support/random.js';

const HISTORIES = 12;
/** Other histories each time; named in the titles, so that one that failed can be had again. */
const FIRST = Number(process.env['VORONKA_TEST_SEED'] ?? Math.floor(Math.random() * 1_000_000));
const seeds = Array.from({ length: HISTORIES }, (_, n) => FIRST + n);

projectionContract('core, at length', coreSet, (seed) => randomLog(randomFrom(seed)), seeds);
projectionContract('audit, at length', auditSet, (seed) => randomLog(randomFrom(seed)), seeds);
