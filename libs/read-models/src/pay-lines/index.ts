export { currentBonusesOf, waitForPayLines } from './live.js';
export { refreshPayLines } from './refresh.js';
export { ensurePayLines, grantPayLines, payLinesReach, payLinesState, type PayLinesState } from './store.js';
