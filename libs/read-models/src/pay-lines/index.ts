export { currentBonusesOf, waitForPayLines } from './live.js';
export { refreshPayLines } from './refresh.js';
export { ensurePayLines, grantPayReaders, payLinesState, type PayLinesState } from './store.js';
