import streams, { type ReadReq, type ReadResp } from '@eventstore/db-client/generated/streams_pb.js';
import shared from '@eventstore/db-client/generated/shared_pb.js';
import type { ServerWritableStream } from '@grpc/grpc-js';

/** Replies are written as bytes, since most of them are spliced from stored ones. */
export type ReadCall = ServerWritableStream<ReadReq, Buffer>;

/** Writes replies at the client's pace and knows when it has gone. */
export class ReplyStream {
  private gone = false;
  private readonly wakers = new Set<() => void>();

  constructor(private readonly call: ReadCall) {
    const over = (): void => {
      this.gone = true;
      this.wake();
    };
    call.on('cancelled', over);
    call.on('close', over);
    call.on('error', over);
    call.on('drain', () => this.wake());
  }

  get open(): boolean {
    return !this.gone && !this.call.cancelled;
  }

  /** Whether to wait until the client has `drained` before more is written. */
  get full(): boolean {
    return this.call.writableNeedDrain;
  }

  write(reply: Buffer): void {
    if (this.open) this.call.write(reply);
  }

  /** Resolves when the client can take more, or has gone; news from the log wakes us too, and does not count. */
  async drained(): Promise<void> {
    while (this.open && this.full) await this.untilWoken();
  }

  end(): void {
    if (this.open) this.call.end();
  }

  /** Ends the call with an error and wakes whoever works for it. */
  fail(error: Error): void {
    if (this.open) this.call.emit('error', error);
  }

  wake(): void {
    const all = [...this.wakers];
    this.wakers.clear();
    for (const wakeUp of all) wakeUp();
  }

  /** Sleeps until `wake`, a drained buffer, or the client's going. */
  untilWoken(): Promise<void> {
    if (!this.open) return Promise.resolve();
    return new Promise((resolve) => this.wakers.add(resolve));
  }
}

function bytes(fill: (reply: ReadResp) => void): Buffer {
  const reply = new streams.ReadResp();
  fill(reply);
  return Buffer.from(reply.serializeBinary());
}

export const confirmationReply = (subscriptionId: string): Buffer =>
  bytes((reply) => {
    const confirmation = new streams.ReadResp.SubscriptionConfirmation();
    confirmation.setSubscriptionId(subscriptionId);
    reply.setConfirmation(confirmation);
  });

export const caughtUpReply = (): Buffer => bytes((reply) => reply.setCaughtUp(new streams.ReadResp.CaughtUp()));

export const checkpointReply = (position: number): Buffer =>
  bytes((reply) => {
    const checkpoint = new streams.ReadResp.Checkpoint();
    checkpoint.setCommitPosition(String(position));
    checkpoint.setPreparePosition(String(position));
    reply.setCheckpoint(checkpoint);
  });

export const streamNotFoundReply = (stream: string): Buffer =>
  bytes((reply) => {
    const missing = new streams.ReadResp.StreamNotFound();
    const identifier = new shared.StreamIdentifier();
    identifier.setStreamName(Buffer.from(stream, 'utf8'));
    missing.setStreamIdentifier(identifier);
    reply.setStreamNotFound(missing);
  });
