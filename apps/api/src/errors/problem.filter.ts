import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import type { Metrics } from '../operations/metrics.js';
import type { KnownRoutes } from './known-routes.js';
import { methodNotAllowed, type Refusal, refusalOf } from './problem.js';

/** Answers every error as a problem document. */
export class ProblemWriter {
  constructor(
    private readonly logger: Logger,
    private readonly metrics: Metrics,
    private readonly routes: KnownRoutes,
  ) {}

  send(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
    if (reply.sent) return;
    const path = request.url.split('?', 1)[0] ?? '/';
    const found = refusalOf(error, path);
    const { problem, headers, unexpected } =
      found.problem.code === 'NOT_FOUND' ? this.orOtherMethod(found, path) : found;
    this.metrics.refusals.inc({ code: problem.code });
    // The message of an unexpected error may quote what was sent: only its name and place are logged.
    if (unexpected) this.logger.error({ route: request.routeOptions.url, ...placeOf(error) }, 'unexpected error');
    void reply
      .status(problem.status)
      .headers({ ...headers, 'content-type': 'application/problem+json; charset=utf-8', 'cache-control': 'no-store' })
      .serializer((body: unknown) => JSON.stringify(body))
      .send(problem);
  }

  /** Where nothing was found because of the method alone. */
  private orOtherMethod(notFound: Refusal, path: string): Refusal {
    const methods = this.routes.methodsOf(path);
    return methods.length === 0 ? notFound : refusalOf(methodNotAllowed(methods), path);
  }
}

@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly writer: ProblemWriter) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    this.writer.send(error, http.getRequest<FastifyRequest>(), http.getResponse<FastifyReply>());
  }
}

function placeOf(error: unknown): { readonly error: string; readonly at: readonly string[] } {
  if (!(error instanceof Error)) return { error: typeof error, at: [] };
  const frames = (error.stack ?? '').split('\n').filter((line) => line.trimStart().startsWith('at '));
  return { error: error.name, at: frames.slice(0, 8).map((line) => line.trim()) };
}
