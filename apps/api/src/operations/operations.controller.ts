import { Controller, Get, Inject, Req, Res } from '@nestjs/common';
import { refuse } from '@voronka/kernel';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { callerOf } from '../auth/authenticate.js';
import { Metrics } from './metrics.js';
import { type Readiness, readiness } from './store-health.js';

/** Asks the stores; a token, because functions have none. */
export const PROBED = Symbol('probed');
export const OPENAPI = Symbol('openapi');

@Controller()
export class OperationsController {
  private underWay: Promise<Readiness> | null = null;

  constructor(
    @Inject(PROBED) private readonly probed: Parameters<typeof readiness>[0],
    @Inject(OPENAPI) private readonly document: () => object,
    @Inject(Metrics) private readonly metrics: Metrics,
  ) {}

  @Get('health/live')
  live(): { readonly live: true } {
    return { live: true };
  }

  @Get('health/ready')
  async ready(@Res({ passthrough: true }) reply: FastifyReply): Promise<Readiness> {
    const found = await this.probe();
    if (!found.ready) void reply.status(503).header('retry-after', '2');
    return found;
  }

  @Get('metrics')
  async show(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): Promise<string> {
    const readers = ['admin', 'service', 'auditor', 'bi'] as const;
    if (!callerOf(request).roles.some((role) => readers.some((reader) => reader === role))) {
      throw refuse.forbidden(
        'ROLE_MISSING',
        `metrics need one of the roles ${readers.join(', ')}: use a key that has it`,
        { anyOf: readers },
      );
    }
    const found = await this.probe();
    this.metrics.storeUp.set({ store: 'eventstore' }, found.stores.eventStore === 'up' ? 1 : 0);
    this.metrics.storeUp.set({ store: 'postgres' }, found.stores.postgres === 'up' ? 1 : 0);
    this.metrics.following.reset();
    for (const { set, checkpoint, lag, status } of found.sets) {
      if (status !== undefined) this.metrics.following.set({ set, status }, 1);
      if (checkpoint !== null) this.metrics.checkpoint.set({ set }, Number(checkpoint));
      if (lag !== null) this.metrics.lag.set({ set }, Number(lag));
    }
    this.countProcesses();
    this.showPayWorker(found);
    void reply.header('content-type', this.metrics.registry.contentType);
    return await this.metrics.registry.metrics();
  }

  private showPayWorker({ payWorker }: Readiness): void {
    const own = this.probed.payWorkerState?.();
    this.metrics.payWorkerState.reset();
    if (own !== undefined) this.metrics.payWorkerState.set({ status: own.status }, 1);
    if (payWorker === undefined) return;
    const { checkpoint, lag, affectedCells, rulesEvaluated, eventsRead } = payWorker;
    const figures = {
      checkpoint: Number(checkpoint),
      ...(lag === null ? {} : { lag: Number(lag) }),
      affected_cells: affectedCells,
      rules_evaluated: rulesEvaluated,
      events_read: eventsRead,
    };
    for (const [figure, value] of Object.entries(figures)) this.metrics.payWorker.set({ figure }, value);
  }

  @Get('openapi.json')
  openapi(): object {
    return this.document();
  }

  private countProcesses(): void {
    const { processState, processRefusals } = this.metrics;
    processState.reset();
    processRefusals.reset();
    for (const { name, status, refusals } of this.probed.processStates?.() ?? []) {
      processState.set({ process: name, status }, 1);
      for (const { type, code, count } of refusals) processRefusals.set({ process: name, type, code }, count);
    }
  }

  /** Everybody may ask whether it is ready: however many do, the stores are asked once at a time. */
  private probe(): Promise<Readiness> {
    this.underWay ??= readiness(this.probed).finally(() => {
      this.underWay = null;
    });
    return this.underWay;
  }
}
