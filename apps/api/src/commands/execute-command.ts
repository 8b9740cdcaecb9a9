import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CommandHandler as Handle, CommandRequest, CommandResult } from '@voronka/event-log';
import { DomainError } from '@voronka/kernel';
import { approvesUponPreview } from '@voronka/read-models';
import {
  type CarriedPreview,
  type CheckedPreview,
  checkApproval,
  checkPreview,
  landedSince,
} from '../previews/check-preview.js';
import { PREVIEW_SOURCES } from '../previews/preview.controller.js';
import type { CommandPreview, PreviewSources } from '../previews/previewer.js';
import { Metrics } from '../operations/metrics.js';

/** The function that carries commands out. */
export const HANDLE = Symbol('handle');

/** What came of a command, and of the preview that it carried. */
export interface CarriedOut extends CommandResult {
  readonly preview?: CheckedPreview;
}

/** Every command of every thing, as the bus carries it. */
export class ExecuteCommand extends Command<CarriedOut> {
  constructor(
    readonly request: CommandRequest,
    /** The preview that it rests on; null: none. */
    readonly preview: CarriedPreview | null,
  ) {
    super();
  }
}

@CommandHandler(ExecuteCommand)
export class ExecuteCommandHandler implements ICommandHandler<ExecuteCommand> {
  constructor(
    @Inject(HANDLE) private readonly handle: Handle,
    @Inject(Metrics) private readonly metrics: Metrics,
    @Inject(PREVIEW_SOURCES) private readonly sources: PreviewSources,
  ) {}

  async execute(command: ExecuteCommand): Promise<CarriedOut> {
    const type = command.request.type;
    try {
      const result = await this.carryOut(command);
      this.metrics.commands.inc({ type, result: 'done' });
      return result;
    } catch (error) {
      this.metrics.commands.inc({ type, result: error instanceof DomainError ? 'refused' : 'failed' });
      throw error;
    }
  }

  private async carryOut({ request, preview: carried }: ExecuteCommand): Promise<CarriedOut> {
    const now = await this.checked(request, carried);
    const result = await this.handle(request);
    if (now === null) return result;
    return { ...result, preview: await landedSince(this.sources.log, { now, carried }, result) };
  }

  /** What the command rests on, as of now; null: on no preview. */
  private async checked(request: CommandRequest, carried: CarriedPreview | null): Promise<CommandPreview | null> {
    if (carried !== null) return await checkPreview(this.sources, request, carried);
    return approvesUponPreview(request.type) ? await checkApproval(this.sources, request) : null;
  }
}
