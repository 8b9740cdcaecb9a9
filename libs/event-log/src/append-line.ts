import { randomUUID } from 'node:crypto';
import type { EventStoreDBClient } from '@eventstore/db-client';
import streamsGrpc, { type StreamsClient } from '@eventstore/db-client/generated/streams_grpc_pb.js';
import type { BatchAppendReq, BatchAppendResp } from '@eventstore/db-client/generated/streams_pb.js';
import type { CallOptions, ClientDuplexStream, Metadata } from '@grpc/grpc-js';
import {
  type AppendAnswer,
  type AppendOrder,
  appendRequest,
  correlationOf,
  refusalIn,
  successIn,
} from './append-messages.js';

type Call = ClientDuplexStream<BatchAppendReq, BatchAppendResp>;

/** Members of the client (6.2.1, pinned) that keep its connection; they are declared for its heirs only. */
interface Connection {
  readonly GRPCStreamCreator: (
    service: typeof StreamsClient,
    name: string,
    open: (stub: StreamsClient) => Call,
  ) => () => Promise<Call>;
  readonly callArguments: (base: object, options: CallOptions) => [Metadata, CallOptions];
}

/**
 * The stream that carries all appends of one log, over the client's connection. The client has one of its own; this
 * one differs in what goes wrong: it asks the server no question first (the client's has no deadline, and its failure
 * is remembered), every append has a bound in time, only the appends on a broken stream fail, and an answer that
 * nobody waits for any more is dropped (the client throws where nobody can catch it).
 */
export class AppendLine {
  readonly #connection: Connection;
  readonly #boundMs: number;
  #line: OpenLine | null = null;
  #opening: Promise<OpenLine> | null = null;

  constructor(client: EventStoreDBClient, boundMs: number) {
    this.#connection = client as unknown as Connection;
    this.#boundMs = boundMs;
  }

  /** One try. Rejects with what `refusalIn` makes of the store's refusal; any other error leaves the outcome open. */
  async send(order: AppendOrder): Promise<AppendAnswer> {
    const line = this.#line === null || this.#line.isBroken ? await this.#reopen() : this.#line;
    return line.send(order, this.#boundMs);
  }

  /** However many appends find the line broken, one new one is opened. */
  #reopen(): Promise<OpenLine> {
    this.#opening ??= this.#connect().finally(() => {
      this.#opening = null;
    });
    return within(this.#opening, this.#boundMs);
  }

  async #connect(): Promise<OpenLine> {
    const create = this.#connection.GRPCStreamCreator(streamsGrpc.StreamsClient, 'batchAppend', (stub) =>
      stub.batchAppend(...this.#connection.callArguments({}, { deadline: Number.POSITIVE_INFINITY })),
    );
    this.#line = new OpenLine(await create());
    return this.#line;
  }
}

interface Waiting {
  readonly order: AppendOrder;
  readonly resolve: (answer: AppendAnswer) => void;
  readonly reject: (error: unknown) => void;
  readonly timer: NodeJS.Timeout;
}

class OpenLine {
  readonly #call: Call;
  readonly #waiting = new Map<string, Waiting>();
  #lastAnswer = 0;
  #failure: unknown = null;

  constructor(call: Call) {
    this.#call = call;
    call.on('data', (answer: BatchAppendResp) => this.#settle(answer));
    call.on('error', (error: Error) => this.#break(error));
    call.on('end', () => this.#break(new Error('the store ended the stream of appends')));
  }

  get isBroken(): boolean {
    return this.#failure !== null;
  }

  send(order: AppendOrder, boundMs: number): Promise<AppendAnswer> {
    if (this.#failure !== null) return Promise.reject(this.#failure);
    const correlation = randomUUID();
    const request = appendRequest(order, correlation);
    return new Promise((resolve, reject) => {
      const sent = performance.now();
      const timer = setTimeout(() => this.#expire(correlation, sent, boundMs), boundMs);
      this.#waiting.set(correlation, { order, resolve, reject, timer });
      this.#call.write(request);
    });
  }

  #settle(answer: BatchAppendResp): void {
    this.#lastAnswer = performance.now();
    const waiting = this.#take(correlationOf(answer));
    if (waiting === undefined) return;
    const success = successIn(answer);
    if (success === null) waiting.reject(refusalIn(answer, waiting.order));
    else waiting.resolve(success);
  }

  #expire(correlation: string, sent: number, boundMs: number): void {
    this.#take(correlation)?.reject(new Error(`the store did not answer within ${boundMs} ms`));
    // Not a word to anyone since: the stream itself may be dead, so the next append gets another.
    if (this.#lastAnswer < sent) this.#call.cancel();
  }

  #break(error: unknown): void {
    this.#failure ??= error;
    for (const correlation of this.#waiting.keys()) this.#take(correlation)?.reject(error);
  }

  #take(correlation: string): Waiting | undefined {
    const waiting = this.#waiting.get(correlation);
    this.#waiting.delete(correlation);
    clearTimeout(waiting?.timer);
    return waiting;
  }
}

async function within<T>(promise: Promise<T>, milliseconds: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new NotConnectedError(`no connection within ${milliseconds} ms`)), milliseconds);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** The append was never sent. */
export class NotConnectedError extends Error {
  override readonly name = 'NotConnectedError';
}
