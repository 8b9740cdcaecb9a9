import type { CommandDefinition, FactRefs, FactSender } from './thing.js';

/** States by the names of the facts; an array where several things were asked for. */
export type FoundFacts = Readonly<Record<string, unknown>>;

/** A definition that never comes to an end would hang every command. */
const MOST_ROUNDS = 32;

/**
 * The look-ups of a decision, round by round: yields what to look up next, takes what was found, and returns all of it.
 * Whoever looks up may do so at once or wait for it.
 */
export function* factRounds<State>(
  definition: CommandDefinition<State>,
  { body, state, ...sender }: FactSender & { readonly body: object; readonly state: State },
): Generator<FactRefs, FoundFacts, FoundFacts> {
  let facts = yield definition.facts?.(body as never, state, sender) ?? {};
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const asked = { ...sender, body: body as never, state };
    const refs = definition.further?.(facts as never, asked) ?? {};
    if (isKnown(refs, facts)) return facts;
    facts = { ...facts, ...(yield refs) };
  }
  throw new Error(`${definition.type} asks for ever more facts`);
}

/** Lists only grow: one that is as long as before names nothing new. */
function isKnown(refs: FactRefs, facts: FoundFacts): boolean {
  return Object.entries(refs).every(([name, ref]) => {
    const found = facts[name];
    return Array.isArray(ref) ? Array.isArray(found) && found.length === ref.length : Object.hasOwn(facts, name);
  });
}

/** All facts of a decision, where they can be looked up at once. */
export function factsAtOnce<State>(
  definition: CommandDefinition<State>,
  request: FactSender & { readonly body: object; readonly state: State },
  find: (refs: FactRefs) => FoundFacts,
): FoundFacts {
  const rounds = factRounds(definition, request);
  let step = rounds.next();
  while (step.done !== true) step = rounds.next(find(step.value));
  return step.value;
}
