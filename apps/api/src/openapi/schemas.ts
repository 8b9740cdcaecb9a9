import 'reflect-metadata';
import { HISTORY_ENTRY_CLASSES } from '@voronka/sales';
import { defaultMetadataStorage } from 'class-transformer/cjs/storage.js';
import { targetConstructorToSchema, validationMetadatasToSchemas } from 'class-validator-jsonschema';

/** A JSON Schema, or a part of an OpenAPI document. */
export type Json = { readonly [name: string]: unknown };

const PREFIX = '#/components/schemas/';
const OPTIONS = { classTransformerMetadataStorage: defaultMetadataStorage, refPointerPrefix: PREFIX };

export const refTo = (name: string): Json => ({ $ref: PREFIX + name });

/** Schemas of the given classes and of all that they hold, by class name. */
export function schemasOf(classes: readonly (new () => object)[]): Json {
  const all: Readonly<Record<string, unknown>> = validationMetadatasToSchemas(OPTIONS);
  const found: Record<string, unknown> = {};
  const wanted = classes.map(({ name }) => name);
  for (let name = wanted.pop(); name !== undefined; name = wanted.pop()) {
    if (Object.hasOwn(found, name)) continue;
    const schema = closed(name, all[name] ?? { type: 'object' });
    found[name] = schema;
    wanted.push(...refsIn(schema));
  }
  return found;
}

/** The parameters of a query, by name. */
export function parametersOf(params: new () => object): { readonly properties: Json; readonly required: string[] } {
  const schema = targetConstructorToSchema(params, OPTIONS);
  return { properties: { ...schema.properties }, required: schema.required ?? [] };
}

/** Nothing but the fields named; what may be left out may be null. */
function closed(name: string, schema: unknown): Json {
  const { properties, required, ...rest } = schema as Json & { properties?: Json; required?: readonly string[] };
  const fields = Object.entries(properties ?? {}).map(([field, of]): [string, unknown] => [
    field,
    required?.includes(field) === true
      ? fieldOf(name, field, of)
      : { anyOf: [fieldOf(name, field, of), { type: 'null' }] },
  ]);
  return {
    ...rest,
    properties: Object.fromEntries(fields),
    ...(required === undefined || required.length === 0 ? {} : { required }),
    additionalProperties: false,
  };
}

/** Two things that class-validator cannot say: which classes an entry of history may have, and its own kind. */
function fieldOf(owner: string, field: string, schema: unknown): unknown {
  const kinds = Object.entries(HISTORY_ENTRY_CLASSES);
  if (owner === 'RecordHistory' && field === 'entries') {
    const mapping = Object.fromEntries(kinds.map(([kind, { name }]) => [kind, PREFIX + name]));
    const items = {
      oneOf: kinds.map(([, { name }]) => refTo(name)),
      discriminator: { propertyName: 'kind', mapping },
    };
    return { ...(schema as Json), items };
  }
  const own = kinds.find(([, { name }]) => name === owner);
  return own !== undefined && field === 'kind' ? { type: 'string', enum: [own[0]] } : schema;
}

function refsIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) =>
    name === '$ref' && typeof member === 'string' && member.startsWith(PREFIX)
      ? [member.slice(PREFIX.length)]
      : refsIn(member),
  );
}
