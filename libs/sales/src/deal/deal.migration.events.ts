import type { EventOf, Personal } from '@voronka/kernel';
import type { Answers } from '../shared/answers.js';
import type { MaybeLate, OfCustomer } from './deal.event-parts.js';

/** From here on the deal goes along another, newer version of its route map. */
export type DealMigrated = EventOf<
  'DealMigrated',
  OfCustomer &
    MaybeLate & {
      readonly routeMapId: string;
      readonly fromVersion: number;
      readonly toVersion: number;
      /** Steps that only the new version has: nobody could have done them before, so their waiting begins here. */
      readonly addedSteps: readonly string[];
      /** Standing answers (none of them personal) of steps that both versions have: the new one may ask other fields. */
      readonly carriedAnswers: readonly { readonly completionId: string; readonly answers: Answers }[];
      readonly reason: Personal<string>;
    }
>;
