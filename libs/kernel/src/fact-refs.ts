import type { CommandDefinition, FactRefs, FactsAsked, ThingRef } from './thing.js';

/** What a decision looks up first, before anything is known. */
export function firstRefs(definition: CommandDefinition<unknown>, { body, state, ...sender }: FactsAsked): FactRefs {
  return definition.facts?.(body as never, state, sender) ?? {};
}

/** What it looks up once that is known; null when there is nothing new to look up. */
export function furtherRefs(
  definition: CommandDefinition<unknown>,
  asked: FactsAsked,
  { refs, facts }: { readonly refs: FactRefs; readonly facts: Readonly<Record<string, unknown>> },
): FactRefs | null {
  const further = definition.further?.(facts as never, asked as never) ?? {};
  const all = { ...refs, ...further };
  return thingsOf(all).length > thingsOf(refs).length || hasNewNames(refs, further) ? all : null;
}

function hasNewNames(refs: FactRefs, further: FactRefs): boolean {
  return Object.keys(further).some((name) => !Object.hasOwn(refs, name));
}

/** The same where states are at hand: facts of a decision, round by round. */
export function factsAtHand(
  definition: CommandDefinition<unknown>,
  asked: FactsAsked,
  stateOf: (ref: ThingRef) => unknown,
): Readonly<Record<string, unknown>> {
  let refs: FactRefs | null = firstRefs(definition, asked);
  for (;;) {
    const facts: Record<string, unknown> = Object.fromEntries(
      Object.entries(refs).map(([name, ref]) => [name, isRef(ref) ? stateOf(ref) : ref.map(stateOf)]),
    );
    const more = furtherRefs(definition, asked, { refs, facts });
    if (more === null) return facts;
    refs = more;
  }
}

/** Every thing that references name. */
export function thingsOf(refs: FactRefs): readonly ThingRef[] {
  return Object.values(refs).flatMap((ref) => (isRef(ref) ? [ref] : ref));
}

function isRef(ref: ThingRef | readonly ThingRef[]): ref is ThingRef {
  return !Array.isArray(ref);
}
