import { auditSet, coreSet } from '@voronka/read-models';
import { randomLog } from '../../libs/read-models/src/core/testing/random-log.js';
import { projectionContract } from '../projections/projection-contract.js';
import { randomFrom } from '../projections/support/random.js';

projectionContract('core', coreSet, (seed) => randomLog(randomFrom(seed)));
projectionContract('audit', auditSet, (seed) => randomLog(randomFrom(seed)));
