import 'reflect-metadata';
import { Column, Entity, PrimaryColumn, PrimaryGeneratedColumn, Unique } from 'typeorm';

// Schema `app`: what is kept outside the log, since it must be erasable or is nobody's history. No rebuild touches it.

@Entity({ schema: 'app', name: 'api_keys', comment: 'Keys that programs and people send; only a hash of each' })
export class ApiKeyRow {
  @PrimaryColumn('text', {
    primaryKeyConstraintName: 'pk_api_keys',
    comment: 'Public part of the key, also the actor written into events',
  })
  id: string;

  @Column('text', { comment: 'What the key is for' })
  name: string;

  @Column('text', { comment: 'SHA-256 of the 256-bit secret, hexadecimal' })
  hash: string;

  @Column('text', { array: true, comment: 'Access roles' })
  roles: string[];

  @Column('text', { name: 'employee_id', nullable: true, comment: 'Employee the key belongs to; empty for a service' })
  employeeId: string | null;

  @Column('timestamptz', { name: 'created_at', comment: 'When it was made' })
  createdAt: Date;

  @Column('timestamptz', { name: 'revoked_at', nullable: true, comment: 'From when it is refused' })
  revokedAt: Date | null;
}

@Entity({ schema: 'app', name: 'subject_keys', comment: 'Keys of personal data, one per person or thing, wrapped' })
export class SubjectKeyRow {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'pk_subject_keys', comment: 'Stream of the subject' })
  subject: string;

  @Column('bytea', { name: 'wrapped_key', nullable: true, comment: 'Key under the master key; empty once destroyed' })
  wrappedKey: Buffer | null;

  @Column('timestamptz', { name: 'created_at', comment: 'When it was made' })
  createdAt: Date;

  @Column('timestamptz', { name: 'destroyed_at', nullable: true, comment: 'When it was destroyed' })
  destroyedAt: Date | null;
}

@Entity({ schema: 'app', name: 'quarantine', comment: 'Records of an import that could not be placed' })
@Unique('uq_quarantine', ['mappingId', 'ref', 'reason'])
export class QuarantineRow {
  @PrimaryGeneratedColumn('identity', {
    type: 'bigint',
    generatedIdentity: 'BY DEFAULT',
    primaryKeyConstraintName: 'pk_quarantine',
    comment: 'Number of the entry',
  })
  id: string;

  @Column('text', { name: 'mapping_id', comment: 'Mapping of the import' })
  mappingId: string;

  @Column('text', { comment: 'Where the record stands in its source' })
  ref: string;

  @Column('text', { comment: 'Code of the reason' })
  reason: string;

  @Column('text', { comment: 'The reason in words, without values' })
  detail: string;

  @Column('timestamptz', { name: 'recorded_at', comment: 'When the import met it' })
  recordedAt: Date;
}

@Entity({ schema: 'app', name: 'installation', comment: 'What this installation remembers about itself' })
export class InstallationRow {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'pk_installation', comment: 'Name' })
  name: string;

  @Column('text', { comment: 'Value' })
  value: string;
}

@Entity({ schema: 'app', name: 'process_checkpoints', comment: 'How far each process manager has come in the log' })
export class ProcessCheckpointRow {
  @PrimaryColumn('text', { primaryKeyConstraintName: 'pk_process_checkpoints', comment: 'Name of the process' })
  process: string;

  @Column('bigint', { comment: 'Log position up to which it has answered' })
  position: string;

  @Column('timestamptz', { name: 'moved_at', comment: 'When it came there' })
  movedAt: Date;
}
