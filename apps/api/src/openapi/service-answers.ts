import { nextAnswer } from './next-answer.js';
import { recordAnswers } from './record-answers.js';
import type { Json } from './schemas.js';

/** The answer of a deal as that of a service case, which has no money of its own. */
function asServiceCase(answer: Json | undefined): Json {
  const text = JSON.stringify(answer)
    .replaceAll('"Stock control for two shops"', '"Introduction at Volga Tools"')
    .replaceAll('"routeMap":"automation"', '"routeMap":"service"')
    .replaceAll('"routeMap-automation"', '"routeMap-service"')
    .replaceAll('"source":"website"', '"source":null')
    .replaceAll('"expectedAmountKopecks":25000000', '"expectedAmountKopecks":null')
    .replaceAll('"expectedCloseOn":"2009-10-01"', '"expectedCloseOn":null');
  return JSON.parse(text) as Json;
}

/** The history of a deal as that of a service case: what opens it says less, the rest is the same. */
function historyOfCase(answer: Json | undefined): Json {
  const text = JSON.stringify(asServiceCase(answer)).replaceAll('"deal-d1"', '"serviceCase-s1"');
  const history = JSON.parse(text) as { readonly events: readonly { readonly type: string; readonly data: object }[] };
  const [opened, ...rest] = history.events;
  const data = {
    customerId: 'volga-tools',
    title: 'Introduction at Volga Tools',
    routeMapId: 'service',
    routeMapVersion: 1,
    ownerId: 'ivanova',
    productIds: ['trade'],
    dealId: 'd1',
  };
  return { ...history, events: [{ ...opened, type: 'ServiceCaseOpened', data }, ...rest] } as unknown as Json;
}

/** What the answers about service cases look like; arrays are cut short. */
export const serviceAnswers: Readonly<Record<string, Json>> = {
  ServiceCases: asServiceCase(recordAnswers['Deals']),
  ServiceCase: { ...(asServiceCase(recordAnswers['Deal']) as Readonly<Record<string, Json>>), terms: [] },
  ServiceCaseHistory: historyOfCase(recordAnswers['DealHistory']),
  ServiceCaseNext: asServiceCase(nextAnswer['DealNext']),
};
