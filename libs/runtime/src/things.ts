import type { Thing } from '@voronka/kernel';
import { payThings } from '@voronka/pay';
import { salesThings } from '@voronka/sales';

/** Every kind of thing that the log holds and the API offers. */
export const things: readonly Thing[] = [...salesThings, ...payThings];
