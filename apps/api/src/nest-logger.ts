import type { LoggerService } from '@nestjs/common';
import type { Logger } from 'pino';

/** Nest's own messages: start-up is for debugging, faults are kept by name only, as their text may quote requests. */
export class NestLogger implements LoggerService {
  constructor(private readonly logger: Logger) {}

  log(message: unknown, context?: unknown): void {
    this.logger.debug({ context }, String(message));
  }

  warn(message: unknown, context?: unknown): void {
    this.logger.warn({ context }, String(message));
  }

  error(message: unknown): void {
    this.logger.error({ error: message instanceof Error ? message.name : 'error' }, 'the framework reports an error');
  }

  fatal(message: unknown): void {
    this.error(message);
  }
}
