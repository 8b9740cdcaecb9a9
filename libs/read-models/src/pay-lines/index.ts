export { currentBonusesOf, waitForPayLines } from './live.js';
export { refreshPayLines } from './refresh.js';
export { ensurePayLines, grantPayLines, keptPayAt, payLinesReach, payLinesState, type PayLinesState } from './store.js';
