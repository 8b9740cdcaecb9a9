import { salesThings } from '../registry.js';
import { scene } from '../testing/thing-scene.js';
import { portraitExample } from './portrait.commands.js';
import { portraitDecider } from './portrait.decider.js';
import type { PortraitDocument } from './portrait.document.js';
import type { PortraitPublished } from './portrait.events.js';
import { portraitFaults } from './portrait.faults.js';
import { segmentByRule } from './portrait.segments.js';

const [thing] = salesThings.filter(({ category }) => category === 'portrait');
if (thing === undefined) throw new Error('no portrait');
const given = scene(portraitDecider, thing);
const main = { id: 'main' };
const published = (version: number, document: PortraitDocument): PortraitPublished => ({
  type: 'PortraitPublished',
  data: { version, document },
});
const example = portraitExample as PortraitDocument;
const publish = (...events: readonly PortraitPublished[]) => {
  const { when } = given(...events);
  return (body: object, more: object = main) => when('PublishPortrait', body, more);
};

describe('PublishPortrait', () => {
  it('publishes version after version; the same again is quiet', () => {
    publish()(example).then([published(1, example)]);
    publish(published(1, example))(example).then([]);
    const fewer = { ...example, segments: [] };
    publish(published(1, example))(fewer).then([published(2, fewer)]);
  });

  it('PORTRAIT_ID: a company has one', () => {
    publish()(example, { id: 'second' }).thenRefused('PORTRAIT_ID');
  });

  it('PORTRAIT_FAULTY lists every fault with its place', () => {
    const field = { code: 'size', name: 'Size', type: 'choice', required: false };
    const told = { ...field, options: [{ code: 'big', name: 'Big' }] };
    const secret = { code: 'hobby', name: 'Hobby', type: 'text', required: false, personal: true };
    const segments = [
      { code: 'a', name: 'A', rule: 'portrait.size = ' },
      { code: 'a', name: 'A', rule: 'portrait.length > 1' },
      { code: 'b', name: 'B', rule: 'amount > 1' },
      { code: 'c', name: 'C', rule: "portrait.hobby = 'chess'" },
      { code: 'd', name: 'D', rule: "portrait.size = 'small'" },
      { code: 'e', name: 'E', rule: 'portrait.size > 1' },
    ];
    const faults = [
      { pointer: '/fields/0/options', code: 'UNKNOWN_OPTION_MISSING' },
      { pointer: '/segments/1/code', code: 'CODE_REPEATED' },
      { pointer: '/segments/0/rule', code: 'CONDITION_SYNTAX' },
      { pointer: '/segments/1/rule', code: 'CONDITION_FIELD_UNKNOWN' },
      { pointer: '/segments/2/rule', code: 'RULE_ASKS_ELSEWHERE' },
      { pointer: '/segments/3/rule', code: 'CONDITION_FIELD_PERSONAL' },
      { pointer: '/segments/4/rule', code: 'CONDITION_OPTION_UNKNOWN' },
      { pointer: '/segments/5/rule', code: 'CONDITION_TYPE' },
    ];
    const body = { fields: [told, secret], segments };
    publish()(body).thenRefused('PORTRAIT_FAULTY');
    const found = portraitFaults(body as PortraitDocument).map(({ pointer, code }) => ({ pointer, code }));
    expect(found).toEqual(faults);
  });
});

describe('segments by rule', () => {
  it('are the first whose rule holds; what is not known decides for none', () => {
    expect(segmentByRule(example, { employees: 300 })).toBe('large');
    expect(segmentByRule(example, { employees: 250 })).toBe('medium');
    expect(segmentByRule(example, { employees: 100 })).toBeNull();
    expect(segmentByRule(example, {})).toBeNull();
    expect(segmentByRule(example, { employees: 'unknown' })).toBeNull();
  });

  it('trap: unknown is not no', () => {
    const rules = (rule: string): PortraitDocument => ({ ...example, segments: [{ code: 'x', name: 'X', rule }] });
    expect(segmentByRule(rules('not portrait.exports = yes'), { exports: 'unknown' })).toBeNull();
    expect(segmentByRule(rules('not portrait.exports = yes'), { exports: false })).toBe('x');
    expect(segmentByRule(rules('portrait.exports is not known'), {})).toBe('x');
  });
});
