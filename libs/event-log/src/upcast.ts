import type { EventDefinition } from '@voronka/kernel';

/** Version of the payload that an event type has today. */
export function currentVersion(definition: EventDefinition): number {
  return definition.schemaVersion ?? 1;
}

/**
 * A payload of an older version turned into today's, one version at a time.
 * @throws Error with the reason when the version is newer than known or a step is missing.
 */
export function upcast(
  definition: EventDefinition,
  version: number,
  data: Record<string, unknown>,
): Record<string, unknown> {
  const current = currentVersion(definition);
  if (version === current) return data;
  if (version > current) throw new Error(`schema version ${version} is newer than ${current}, the newest known here`);
  let payload = data;
  for (let from = version; from < current; from += 1) {
    const step = definition.upcast?.[from];
    if (step === undefined) throw new Error(`no upcaster from schema version ${from} to ${from + 1}`);
    payload = step(payload);
  }
  return payload;
}
