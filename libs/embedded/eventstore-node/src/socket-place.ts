import { createHash } from 'node:crypto';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** A socket's path has room for 107 bytes on Linux and 103 on macOS. */
const LONGEST_SOCKET_PATH = 100;

/**
 * Where the node of a directory listens: in the directory itself, which only its owner can enter, or, when that path is
 * too long, in an equally closed directory under the system's temporary one. Always the same for the same directory, so
 * that clients find a restarted node.
 */
export function socketPlace(directory: string): string {
  const near = path.join(directory, 'node.sock');
  if (Buffer.byteLength(near) <= LONGEST_SOCKET_PATH) return near;
  const hash = createHash('sha256').update(fs.realpathSync(directory)).digest('hex').slice(0, 16);
  const place = path.join(os.tmpdir(), `voronka-${process.getuid?.() ?? 0}-${hash}`);
  fs.mkdirSync(place, { recursive: true, mode: 0o700 });
  const stats = fs.lstatSync(place);
  const foreign = process.getuid !== undefined && stats.uid !== process.getuid();
  if (!stats.isDirectory() || foreign || (stats.mode & 0o077) !== 0) {
    throw new Error(`${place} must be a directory that only you can enter: remove it, or use a shorter data directory`);
  }
  return path.join(place, 'node.sock');
}
