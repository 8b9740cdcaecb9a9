import { LogUnavailableError } from './errors.js';

/** The part of an object stream that is used here; the client's streams declare only a part of Node's. */
export interface ItemStream {
  read(size?: number): unknown;
  readonly readableLength: number;
  on(event: string, listener: (...args: unknown[]) => void): unknown;
  removeAllListeners(event: string): unknown;
  resume(): unknown;
}

/**
 * Takes from an object stream as much as is there, and waits when nothing is. Unlike `for await` it sees runs of
 * items, can be woken from outside, bounds its waiting in time, and never leaves an `error` event without a listener.
 */
export class Tap<T> {
  readonly #stream: ItemStream;
  readonly #closing: AbortSignal;
  readonly #close = (): void => {
    this.#failure ??= new LogUnavailableError('The event log was closed');
    this.wake();
  };
  #failure: unknown = null;
  #ended = false;
  #silence: NodeJS.Timeout | undefined;
  #silent = false;
  #wake: () => void = () => undefined;

  /** `closing`: what ends the reader from outside; whoever waits then is told. */
  constructor(stream: ItemStream, closing: AbortSignal) {
    this.#stream = stream;
    this.#closing = closing;
    closing.addEventListener('abort', this.#close);
    stream.on('readable', () => {
      // The end shows only to one who reads: without this the last 'readable' would be followed by silence.
      if (this.isEmpty) stream.read(0);
      this.wake();
    });
    stream.on('end', () => this.#end());
    stream.on('close', () => this.#end());
    stream.on('error', (error) => {
      this.#failure ??= error;
      this.wake();
    });
  }

  /** Up to `max` items that are already here. @throws what the stream failed with, once nothing is left. */
  take(max: number): T[] {
    const items: T[] = [];
    while (items.length < max) {
      const item = this.#stream.read() as T | null;
      if (item === null) break;
      items.push(item);
    }
    if (items.length === 0 && this.#failure !== null) throw this.#failure;
    return items;
  }

  /** Nothing is here now. */
  get isEmpty(): boolean {
    return this.#stream.readableLength === 0;
  }

  /** Nothing is here and nothing will come, whether it ended or failed. */
  get isOver(): boolean {
    return this.isEmpty && (this.#ended || this.#failure !== null);
  }

  /** It ended as it should, and everything was taken. */
  get isDone(): boolean {
    return this.isOver && this.#failure === null;
  }

  /** Resolves true when there is something to look at, false when `milliseconds` passed or `wake` was called. */
  async ready(milliseconds?: number): Promise<boolean> {
    if (this.#hasNews()) return true;
    const timer = milliseconds === undefined ? undefined : setTimeout(() => this.wake(), milliseconds);
    await this.#woken();
    clearTimeout(timer);
    return this.#hasNews();
  }

  /** Waits as `ready` does, but takes silence for an error. @throws LogUnavailableError */
  async readyWithin(milliseconds: number): Promise<void> {
    if (this.#hasNews()) return;
    // One timer for all waits: a long read waits a hundred thousand times.
    this.#silent = false;
    this.#silence ??= setTimeout(() => {
      this.#silent = true;
      this.wake();
    }, milliseconds);
    this.#silence.refresh();
    while (!this.#hasNews()) {
      if (this.#silent) throw new LogUnavailableError(`The event store sent nothing for ${milliseconds} ms`);
      await this.#woken();
    }
  }

  /** Ends a `ready` that is waiting. */
  wake(): void {
    this.#wake();
  }

  /**
   * Ends the read: cancels the call on the server if it is still open, drops what is buffered, never throws. The rest
   * flows away: a call that ended by itself before it was cancelled is over for the client only when its end is read,
   * and closing the client waits for that.
   */
  release(cancel: () => Promise<void>): void {
    this.#closing.removeEventListener('abort', this.#close);
    clearTimeout(this.#silence);
    // A channel that never came to be has nothing to cancel; its failure was reported on the stream already.
    cancel().catch(() => undefined);
    this.#stream.removeAllListeners('readable');
    this.#stream.resume();
  }

  #woken(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  #end(): void {
    this.#ended = true;
    this.wake();
  }

  #hasNews(): boolean {
    return !this.isEmpty || this.#ended || this.#failure !== null;
  }
}
