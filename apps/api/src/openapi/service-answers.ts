import { nextAnswer } from './next-answer.js';
import { recordAnswers } from './record-answers.js';
import type { Json } from './schemas.js';

/** The answer of a deal as that of a service case, which has no money of its own. */
function asServiceCase(answer: Json | undefined): Json {
  const text = JSON.stringify(answer)
    .replaceAll('"Stock control for two shops"', '"Introduction at Volga Tools"')
    .replaceAll('"routeMap":"automation"', '"routeMap":"service"')
    .replaceAll('"source":"website"', '"source":null')
    .replaceAll('"expectedAmountKopecks":25000000', '"expectedAmountKopecks":null')
    .replaceAll('"expectedCloseOn":"2009-10-01"', '"expectedCloseOn":null');
  return JSON.parse(text) as Json;
}

/** What the answers about service cases look like; arrays are cut short. */
export const serviceAnswers: Readonly<Record<string, Json>> = {
  ServiceCases: asServiceCase(recordAnswers['Deals']),
  ServiceCase: { ...(asServiceCase(recordAnswers['Deal']) as Readonly<Record<string, Json>>), terms: [] },
  ServiceCaseNext: asServiceCase(nextAnswer['DealNext']),
};
