import { Counter, Gauge, Histogram, Registry } from 'prom-client';

/** What the API counts; each instance has a registry of its own. Labels hold names of ours, never what was sent. */
export class Metrics {
  readonly registry = new Registry();

  readonly commands = new Counter({
    name: 'voronka_commands_total',
    help: 'Commands by type and result: done, refused or failed',
    labelNames: ['type', 'result'] as const,
    registers: [this.registry],
  });

  readonly refusals = new Counter({
    name: 'voronka_refusals_total',
    help: 'Problem documents answered, by code',
    labelNames: ['code'] as const,
    registers: [this.registry],
  });

  readonly http = new Histogram({
    name: 'voronka_http_request_duration_seconds',
    help: 'Duration of requests by method, route and status',
    labelNames: ['method', 'route', 'status'] as const,
    buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
    registers: [this.registry],
  });

  readonly checkpoint = new Gauge({
    name: 'voronka_projection_checkpoint_position',
    help: 'Log position that a projection set has handled',
    labelNames: ['set'] as const,
    registers: [this.registry],
  });

  readonly lag = new Gauge({
    name: 'voronka_projection_lag_positions',
    help: 'Distance of a projection set to the end of the log, in positions',
    labelNames: ['set'] as const,
    registers: [this.registry],
  });

  readonly payWorker = new Gauge({
    name: 'voronka_pay_worker',
    help: 'The pay worker: checkpoint and lag in positions, and what its last recomputation took (affected_cells, rules_evaluated, events_read)',
    labelNames: ['figure'] as const,
    registers: [this.registry],
  });

  readonly payWorkerState = new Gauge({
    name: 'voronka_pay_worker_state',
    help: '1 for how the pay worker of this program fares: running, standby, waiting or stopped',
    labelNames: ['status'] as const,
    registers: [this.registry],
  });

  readonly following = new Gauge({
    name: 'voronka_projection_state',
    help: '1 for how a projection set fares in this program: running, standby, waiting, failed …',
    labelNames: ['set', 'status'] as const,
    registers: [this.registry],
  });

  readonly processState = new Gauge({
    name: 'voronka_process_state',
    help: '1 for how a process fares in this program: running, standby, waiting or stopped',
    labelNames: ['process', 'status'] as const,
    registers: [this.registry],
  });

  readonly processRefusals = new Gauge({
    name: 'voronka_process_refusals',
    help: 'Commands of a process that were refused since this program started: what it asked for has not come about',
    labelNames: ['process', 'type', 'code'] as const,
    registers: [this.registry],
  });

  readonly storeUp = new Gauge({
    name: 'voronka_store_up',
    help: '1 while a store answers',
    labelNames: ['store'] as const,
    registers: [this.registry],
  });
}
