import { Controller, HttpCode, Inject, Post, Req } from '@nestjs/common';
import type { CommandRequest } from '@voronka/event-log';
import {
  type BodyFault,
  type CommandDefinition,
  DomainError,
  IsIdentifier,
  refuse,
  type Thing,
  validateBody,
} from '@voronka/kernel';
import { IsObject, Matches } from 'class-validator';
import type { FastifyRequest } from 'fastify';
import { uuidv7 } from 'uuidv7';
import { assertSaidForWhom, callerOf } from '../auth/authenticate.js';
import { type CommandPreview, previewCommand, type PreviewSources } from './previewer.js';

/** Where a preview is asked from, and what commands there are. */
export const PREVIEW_SOURCES = Symbol('preview sources');
export const OFFERED = Symbol('offered');

/** A command as it would be sent to `POST /v1/<thing>/<id>/<command>`. */
export class PreviewRequest {
  /** As in the command's path: `plans`, `pay-regulations`, `deals` … */
  @Matches(/^[a-z][a-z-]{1,40}$/)
  thing: string;

  @IsIdentifier()
  id: string;

  /** As in the command's path: `revise-plan`, `correct-step`, `reassign-deal` … */
  @Matches(/^[a-z][a-z-]{1,60}$/)
  command: string;

  /** The body that the command would be sent with. */
  @IsObject()
  body: object;
}

export interface PreviewAnswer extends CommandPreview {
  /** What the command sends as Voronka-Preview. */
  readonly preview: string;
}

@Controller('v1/previews')
export class PreviewController {
  constructor(
    @Inject(PREVIEW_SOURCES) private readonly sources: PreviewSources,
    @Inject(OFFERED) private readonly offered: readonly Thing[],
  ) {}

  @Post()
  @HttpCode(200)
  async preview(@Req() request: FastifyRequest): Promise<PreviewAnswer> {
    const found = await previewCommand(this.sources, this.requestOf(request));
    if (found === null) throw new TypeError('a command id made just now was used before');
    return { preview: `${found.hash}@${found.k}`, ...found };
  }

  private requestOf(request: FastifyRequest): CommandRequest {
    const caller = callerOf(request);
    const { keyId: actor, roles, person } = caller;
    const { thing: collection, id, command, body } = validateBody(PreviewRequest, request.body);
    const { category, definition } = this.find(collection, command);
    if (!roles.some((role) => definition.roles.includes(role))) {
      const detail = `${definition.type} needs one of the roles ${definition.roles.join(', ')}: use a key that has it`;
      throw refuse.forbidden('ROLE_MISSING', detail, { anyOf: definition.roles });
    }
    assertSaidForWhom(caller);
    const said = validated(definition, body);
    return { category, id, type: definition.type, body: said, commandId: uuidv7(), actor, person, roles };
  }

  private find(collection: string, route: string): { category: string; definition: CommandDefinition<unknown> } {
    const thing = this.offered.find((one) => one.collection === collection);
    const definition = thing?.commands.find((one) => one.route === route);
    if (thing !== undefined && definition !== undefined) return { category: thing.category, definition };
    const detail = 'name thing and command as in the path of a command; /openapi.json lists them';
    throw refuse.notFound('COMMAND_UNKNOWN', detail, { thing: collection, command: route });
  }
}

/** Faults are pointed at where they stand in the request. */
function validated({ body: form }: CommandDefinition<unknown>, body: object): object {
  try {
    return validateBody(form, body);
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    const faults = (error.data['errors'] ?? []) as readonly BodyFault[];
    const errors = faults.map((fault) => ({ ...fault, pointer: `/body${fault.pointer}` }));
    throw new DomainError(error.kind, error.code, error.detail, { ...error.data, errors });
  }
}
