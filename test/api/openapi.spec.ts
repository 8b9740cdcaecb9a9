import { Validator } from '@seriousme/openapi-schema-validator';
import { validateBody } from '@voronka/kernel';
import { things } from '@voronka/runtime';
import { commandAnswerOf } from '../../apps/api/src/openapi/command-examples.js';
import { openApiDocument } from '../../apps/api/src/openapi/document.js';
import { queries } from '../../apps/api/src/queries/query.controller.js';

type Part = { readonly [name: string]: Part };

const document = openApiDocument(things, queries) as unknown as Part;
const operations = Object.entries(document['paths'] ?? {}).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
);

const idOf = (operation: Part): unknown => operation['operationId'];

describe('the OpenAPI document', () => {
  it('is valid OpenAPI 3.1', async () => {
    const validator = new Validator();
    const result = await validator.validate(structuredClone(document));
    expect(result.errors ?? []).toEqual([]);
    expect([result.valid, validator.version]).toEqual([true, '3.1']);
  });

  it('has an operation for every command and query', () => {
    const ids = operations.map(({ operation }) => idOf(operation));
    const commands = things.flatMap(({ commands }) => commands.map(({ type }) => type));
    expect(ids).toEqual(expect.arrayContaining([...commands, ...queries.map(({ name }) => name)]));
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('gives examples of commands that their own validation accepts', () => {
    for (const { commands } of things) {
      for (const { type, body } of commands) {
        const operation = operations.find((one) => idOf(one.operation) === type)?.operation;
        const example = operation?.['requestBody']?.['content']?.['application/json']?.['example'];
        expect(() => validateBody(body, JSON.parse(JSON.stringify(example)))).not.toThrow();
      }
    }
  });

  // Bug: an example that was not there counted, as long as its name was.
  it('shows an example of every answer and refusal with a body', () => {
    for (const { path, operation } of operations) {
      for (const [status, response] of Object.entries(operation['responses'] ?? {})) {
        for (const media of Object.values(response['content'] ?? {})) {
          expect({ path, status, example: Object.hasOwn(asSent(media), 'example') }).toEqual({
            path,
            status,
            example: true,
          });
        }
      }
    }
  });

  it('bug: every command showed the answer of one; each shows an event of its own', () => {
    const told = things.flatMap((thing) =>
      thing.commands
        .filter(({ roles }) => roles.length > 0)
        .map((definition) => {
          const { stream, events } = commandAnswerOf(thing, definition) as {
            stream: string;
            events: { type: string }[];
          };
          expect(stream.startsWith(`${thing.category}-`)).toBe(true);
          for (const { type } of events) expect(Object.keys(thing.events)).toContain(type);
          return [`${thing.category}.${definition.type}`, events[0]?.type] as const;
        }),
    );
    expect(told.filter(([, event]) => event === undefined)).toEqual([]);
    expect(Object.fromEntries(told)).toMatchObject({
      'deal.CompleteStep': 'StepCompleted',
      'serviceCase.CloseServiceCase': 'ServiceCaseClosed',
      'department.AppointHead': 'DepartmentHeadAppointed',
      'payroll.ClosePeriod': 'PeriodClosing',
      'payroll.ReopenPeriod': 'PeriodReopeningProposed',
      'plan.WithdrawPlan': 'PlanWithdrawn',
    });
    const shown = operations.find(({ operation }) => idOf(operation) === 'HireEmployee')?.operation;
    const example = shown?.['responses']?.['201']?.['content']?.['application/json']?.['example'];
    expect(example).toMatchObject({ stream: 'employee-ivanova', revision: 0, events: [{ type: 'EmployeeHired' }] });
  });

  it('refers to nothing that it does not hold', () => {
    const refs = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)].map(
      ([, name]) => name,
    );
    const held = Object.keys(document['components']?.['schemas'] ?? {});
    expect(refs.length).toBeGreaterThan(30);
    expect([...new Set(refs)].filter((name) => !held.includes(name ?? ''))).toEqual([]);
  });

  it('offers the kinds of historical entries as alternatives', () => {
    const entries = document['components']?.['schemas']?.['RecordHistory']?.['properties']?.['entries'];
    expect(Object.keys(entries?.['items']?.['oneOf'] ?? {})).toHaveLength(9);
  });
});

/** What is undefined is not sent. */
function asSent(media: object): object {
  return JSON.parse(JSON.stringify(media)) as object;
}
