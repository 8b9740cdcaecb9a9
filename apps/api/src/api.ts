import 'reflect-metadata';
import type { IncomingMessage } from 'node:http';
import helmet from '@fastify/helmet';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { CqrsModule } from '@nestjs/cqrs';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Clock } from '@voronka/kernel';
import { SetNotBuiltError, type SetState } from '@voronka/projections';
import type { Settings, Stores } from '@voronka/runtime';
import { things } from '@voronka/runtime';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { Authentication, keyIdOf } from './auth/authenticate.js';
import { requestIdOf } from './commands/command-headers.js';
import { commandController } from './commands/command.controller.js';
import { ExecuteCommandHandler, HANDLE } from './commands/execute-command.js';
import { KnownRoutes } from './errors/known-routes.js';
import { ProblemFilter, ProblemWriter } from './errors/problem.filter.js';
import { refuseUnreadable } from './errors/unreadable.js';
import { NestLogger } from './nest-logger.js';
import { openApiDocument } from './openapi/document.js';
import { serveDocs } from './openapi/docs.js';
import type { PayWorkerStatus, ProcessHealth } from './operations/store-health.js';
import { Metrics } from './operations/metrics.js';
import { OPENAPI, OperationsController, PROBED } from './operations/operations.controller.js';
import { OFFERED, PREVIEW_SOURCES, PreviewController } from './previews/preview.controller.js';
import { AskQueryHandler, queries, QUERY_SOURCES, queryController } from './queries/query.controller.js';

/** What the outside may send; commands that no role may are the processes' own. */
const offered = things.map((thing) => ({ ...thing, commands: thing.commands.filter(({ roles }) => roles.length > 0) }));

export interface ApiOptions {
  readonly stores: Stores;
  readonly clock: Clock;
  readonly settings: Pick<Settings, 'host' | 'port' | 'bodyLimitBytes' | 'rateLimitPerMinute'>;
  readonly logger: Logger;
  /** States of the projector that runs in the same program, if one does. */
  readonly projectorStates?: () => SetState[];
  /** Whether this program’s read models have come to be followed; until then nobody asks them. Default: yes. */
  readonly isFollowed?: () => boolean;
  /** How the processes of this program fare, if it runs them. */
  readonly processStates?: () => readonly ProcessHealth[];
  /** How the pay worker of this program fares, if it runs one. */
  readonly payWorkerState?: () => PayWorkerStatus;
}

export interface Api {
  /** Where it listens. @throws Error before `listen` */
  url(): string;
  /** Gives the address. */
  listen(): Promise<string>;
  /** Answers what is under way, then stops; the stores stay open. */
  close(): Promise<void>;
}

@Module({})
class ApiModule {}

/** Builds the HTTP API on open stores. */
export async function createApi(options: ApiOptions): Promise<Api> {
  const metrics = new Metrics();
  const routes = new KnownRoutes();
  const writer = new ProblemWriter(options.logger, metrics, routes);
  const document = once(() => openApiDocument(offered, queries));
  const app = await NestFactory.create<NestFastifyApplication>(
    moduleOf(options, metrics, document),
    new FastifyAdapter({
      bodyLimit: options.settings.bodyLimitBytes,
      forceCloseConnections: 'idle',
      genReqId: ({ headers }: Pick<IncomingMessage, 'headers'>) => requestIdOf(headers['x-request-id']),
      // A path that cannot be decoded has no route and meets no hook.
      clientErrorHandler: refuseUnreadable,
      frameworkErrors: (error: Error, request: FastifyRequest, reply: FastifyReply) =>
        writer.send(error, request, reply),
    }),
    { logger: new NestLogger(options.logger), bodyParser: false, abortOnError: false },
  );
  app.useGlobalFilters(new ProblemFilter(writer));
  await app.register(helmet, { contentSecurityPolicy: { directives: CSP } });
  hook(app, options, { metrics, writer });
  const server = app.getHttpAdapter().getInstance();
  server.addHook('onRoute', ({ url, method }) => routes.add(url, method));
  serveDocs(app, document);
  await app.init();
  let address: string | null = null;
  return {
    url: () => {
      if (address === null) throw new Error('The API does not listen yet');
      return address;
    },
    listen: async () => {
      await app.listen(options.settings.port, options.settings.host);
      address = (await app.getUrl()).replace('[::1]', 'localhost');
      return address;
    },
    close: () => drain(app),
  };
}

/** Made for whoever asks first: most programs start and stop without anybody reading the documentation. */
function once<T extends object>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}

const LONGEST_DRAIN_MS = 5_000;

/** Answers what is under way; whoever has not been answered by then, or never finishes asking, is cut off. */
async function drain(app: NestFastifyApplication): Promise<void> {
  const timer = setTimeout(() => app.getHttpServer().closeAllConnections(), LONGEST_DRAIN_MS);
  try {
    await app.close();
  } finally {
    clearTimeout(timer);
  }
}

/** The page of the documentation brings its own scripts and styles; plain HTTP on one machine must keep working. */
const CSP = {
  defaultSrc: ["'self'"],
  styleSrc: ["'self'", "'unsafe-inline'"],
  imgSrc: ["'self'", 'data:'],
  upgradeInsecureRequests: null,
};

function moduleOf(
  { stores, clock, projectorStates, processStates, payWorkerState, isFollowed }: ApiOptions,
  metrics: Metrics,
  document: () => object,
) {
  const { log, pool, handle, suppose } = stores;
  return {
    module: ApiModule,
    imports: [CqrsModule.forRoot()],
    controllers: [
      ...offered.map((thing) => commandController(thing)),
      queryController(queries),
      PreviewController,
      OperationsController,
    ],
    providers: [
      { provide: Metrics, useValue: metrics },
      { provide: PROBED, useValue: { log, pool, projectorStates, processStates, payWorkerState, isFollowed } },
      { provide: OPENAPI, useValue: document },
      { provide: HANDLE, useValue: handle },
      { provide: PREVIEW_SOURCES, useValue: { log, pool, clock, suppose } },
      { provide: OFFERED, useValue: offered },
      { provide: QUERY_SOURCES, useValue: { log, pool, clock } },
      ExecuteCommandHandler,
      AskQueryHandler,
    ],
  };
}

/** Keys before anything else is read; one line and one measurement for each request. */
function hook(
  app: NestFastifyApplication,
  { stores, settings, logger, isFollowed }: ApiOptions,
  { metrics, writer }: { readonly metrics: Metrics; readonly writer: ProblemWriter },
): void {
  const authentication = new Authentication(stores, settings.rateLimitPerMinute);
  const server = app.getHttpAdapter().getInstance();
  server.removeContentTypeParser('text/plain');
  server.addHook('onRequest', async (request: FastifyRequest, reply: FastifyReply) => {
    void reply.header('x-request-id', request.id);
    try {
      await authentication.admit(request);
      // What there is may have been built by another version, for other questions.
      if (isFollowed?.() === false && asksReadModels(request)) throw new SetNotBuiltError('core');
    } catch (error) {
      writer.send(error, request, reply);
      return reply;
    }
    return undefined;
  });
  server.addHook('onResponse', async (request: FastifyRequest, reply: FastifyReply) => {
    const route = request.routeOptions.url ?? 'unknown';
    const labels = { method: request.method, route, status: String(reply.statusCode) };
    metrics.http.observe(labels, reply.elapsedTime / 1000);
    logger.info(
      { ...labels, ms: Math.round(reply.elapsedTime), key: keyIdOf(request), request: request.id },
      'request',
    );
  });
}

/** Queries do, and commands that rest on a preview. */
function asksReadModels({ url, method, headers }: FastifyRequest): boolean {
  if (!url.startsWith('/v1/')) return false;
  return method !== 'POST' || url.startsWith('/v1/previews') || headers['voronka-preview'] !== undefined;
}
