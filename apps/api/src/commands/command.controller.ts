import { Controller, HttpCode, Inject, Post, Req, Res, type Type } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import type { CommandResult } from '@voronka/event-log';
import { type CommandDefinition, isId, refuse, type Thing, validateBody } from '@voronka/kernel';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { assertSaidForWhom, callerOf } from '../auth/authenticate.js';
import { commandIdOf, expectedRevisionOf } from './command-headers.js';
import { carriedPreview } from '../previews/check-preview.js';
import { type CarriedOut, ExecuteCommand } from './execute-command.js';

/** What a command is answered with; a repeated one gets the same. */
export interface CommandAnswer {
  readonly stream: string;
  readonly revision: number;
  /** In decimal digits; queries wait for it by `after`. */
  readonly position: string;
  readonly events: CommandResult['events'];
  /** Where the command carried a preview: what landed since. */
  readonly preview?: CarriedOut['preview'];
}

/** A controller with one route for each command of a thing. */
export function commandController(thing: Thing): Type {
  class ThingController {
    constructor(readonly bus: CommandBus) {}
  }
  Object.defineProperty(ThingController, 'name', { value: `${thing.category}Commands` });
  Inject(CommandBus)(ThingController, undefined, 0);
  Controller(`v1/${thing.collection}`)(ThingController);
  for (const definition of thing.commands) offer(ThingController, thing, definition);
  return ThingController;
}

function offer(
  controller: { readonly prototype: { readonly bus: CommandBus } },
  thing: Thing,
  definition: CommandDefinition<unknown>,
): void {
  const { prototype } = controller;
  const name = definition.type;
  const descriptor: PropertyDescriptor = {
    configurable: true,
    writable: true,
    async value(this: { readonly bus: CommandBus }, request: FastifyRequest, reply: FastifyReply) {
      const asked = requestOf(thing, definition, request);
      const preview = carriedPreview(request.headers['voronka-preview'], asked.body);
      const result = await this.bus.execute(new ExecuteCommand(asked, preview));
      void reply.header('etag', `"${result.revision}"`);
      return answerOf(result);
    },
  };
  Object.defineProperty(prototype, name, descriptor);
  Post(`:id/${definition.route}`)(prototype, name, descriptor);
  HttpCode(definition.creates === true ? 201 : 200)(prototype, name, descriptor);
  Req()(prototype, name, 0);
  Res({ passthrough: true })(prototype, name, 1);
}

function requestOf(thing: Thing, definition: CommandDefinition<unknown>, request: FastifyRequest) {
  const caller = callerOf(request);
  const { keyId, roles, person } = caller;
  const { id } = request.params as { readonly id?: unknown };
  if (!isId(id)) {
    const detail = 'give an id that begins with a letter or digit and has up to 64 letters, digits, _ . : or -';
    throw refuse.invalid('ID_MALFORMED', detail);
  }
  // Before the body: whoever may not send a command learns nothing about its form.
  if (!roles.some((role) => definition.roles.includes(role))) {
    throw refuse.forbidden(
      'ROLE_MISSING',
      `${definition.type} needs one of the roles ${definition.roles.join(', ')}: use a key that has it`,
      {
        anyOf: definition.roles,
      },
    );
  }
  assertSaidForWhom(caller);
  const expectedRevision = expectedRevisionOf(request.headers['if-match']);
  return {
    category: thing.category,
    id,
    type: definition.type,
    body: validateBody(definition.body, request.body),
    commandId: commandIdOf(request.headers['idempotency-key']),
    actor: keyId,
    person,
    roles,
    // A name the caller gave ties what comes of it together; one of ours would tell nothing that the command's id does not.
    ...(request.headers['x-request-id'] === request.id ? { correlationId: request.id } : {}),
    ...(expectedRevision === undefined ? {} : { expectedRevision }),
  };
}

function answerOf({ stream, revision, position, events, preview }: CarriedOut): CommandAnswer {
  return { stream, revision, position: String(position), events, ...(preview === undefined ? {} : { preview }) };
}
