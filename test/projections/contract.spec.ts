import { projectionContract } from './projection-contract.js';
import { parcelHistory, parcelSet } from './support/parcel-set.js';

projectionContract('parcels', parcelSet, (seed) => parcelHistory(seed));
