import type { Role } from '@voronka/kernel';

/** Those who say what is measured: it decides what is paid, so nobody does it for his own figures alone. */
export const DEFINERS: readonly Role[] = ['admin', 'service', 'director'];
