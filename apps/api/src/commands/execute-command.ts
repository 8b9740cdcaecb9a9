import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { CommandHandler as Handle, CommandRequest, CommandResult } from '@voronka/event-log';
import { DomainError } from '@voronka/kernel';
import { Metrics } from '../operations/metrics.js';

/** The function that carries commands out. */
export const HANDLE = Symbol('handle');

/** Every command of every thing, as the bus carries it. */
export class ExecuteCommand extends Command<CommandResult> {
  constructor(readonly request: CommandRequest) {
    super();
  }
}

@CommandHandler(ExecuteCommand)
export class ExecuteCommandHandler implements ICommandHandler<ExecuteCommand> {
  constructor(
    @Inject(HANDLE) private readonly handle: Handle,
    @Inject(Metrics) private readonly metrics: Metrics,
  ) {}

  async execute({ request }: ExecuteCommand): Promise<CommandResult> {
    const type = request.type;
    try {
      const result = await this.handle(request);
      this.metrics.commands.inc({ type, result: 'done' });
      return result;
    } catch (error) {
      this.metrics.commands.inc({ type, result: error instanceof DomainError ? 'refused' : 'failed' });
      throw error;
    }
  }
}
