import { projectionContract } from './projection-contract.js';
import { newsSet } from './support/news-set.js';
import { parcelHistory, parcelSet } from './support/parcel-set.js';

projectionContract('parcels', parcelSet, (seed) => parcelHistory(seed));
projectionContract('events that find their states through another fold', newsSet, (seed) => parcelHistory(seed));
