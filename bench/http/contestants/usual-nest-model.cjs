// What the usual Nest server keeps and takes in: entities of TypeORM with the indexes its queries need, bodies with the rules of
// class-validator.
const { IsPhoneNumber, IsString, IsUUID, Length, Matches } = require('class-validator');
const {
  Column,
  CreateDateColumn,
  Entity,
  Index,
  JoinColumn,
  ManyToOne,
  PrimaryGeneratedColumn,
  UpdateDateColumn,
} = require('typeorm');
const { decorated } = require('./decorated.cjs');

const id = [PrimaryGeneratedColumn('uuid')];
const at = (options = {}) => [Column({ type: 'timestamptz', ...options })];
const createdAt = [CreateDateColumn({ type: 'timestamptz' })];
const updatedAt = [UpdateDateColumn({ type: 'timestamptz' })];
const text = (length, options = {}) => [Column({ type: 'varchar', length, ...options })];
const userId = [Index(), Column({ type: 'uuid' })];

const User = decorated(
  class User {},
  { decorators: [Entity('users')] },
  {
    id,
    phone: text(20, { unique: true }),
    passwordHash: text(72),
    isActive: [Column({ type: 'boolean', default: true })],
    lastLoginAt: at({ nullable: true }),
    createdAt,
    updatedAt,
  },
);
const user = [ManyToOne(() => User, { onDelete: 'CASCADE' }), JoinColumn({ name: 'userId' })];

const OtpCode = decorated(
  class OtpCode {},
  { decorators: [Entity('otp_codes')] },
  {
    id,
    userId,
    user,
    codeHash: text(64),
    attempts: [Column({ type: 'int', default: 0 })],
    sends: [Column({ type: 'int', default: 1 })],
    lastSentAt: at(),
    expiresAt: [Index(), ...at()],
    consumedAt: at({ nullable: true }),
    createdAt,
  },
);

const Session = decorated(
  class Session {},
  { decorators: [Entity('sessions')] },
  {
    id,
    userId,
    user,
    refreshTokenHash: text(64),
    ipAddress: text(45, { nullable: true }),
    userAgent: text(255, { nullable: true }),
    expiresAt: at(),
    revokedAt: at({ nullable: true }),
    createdAt,
    updatedAt,
  },
);

const AuditLog = decorated(
  class AuditLog {},
  { decorators: [Entity('audit_logs'), Index(['userId', 'createdAt'])] },
  {
    id: [PrimaryGeneratedColumn({ type: 'bigint' })],
    event: text(40),
    userId: [Column({ type: 'uuid', nullable: true })],
    ipAddress: text(45, { nullable: true }),
    createdAt,
  },
);

const LoginDto = decorated(class LoginDto {}, {}, { phone: [IsPhoneNumber()], password: [IsString(), Length(8, 72)] });
const VerifyDto = decorated(class VerifyDto {}, {}, { challengeId: [IsUUID()], code: [Matches(/^\d{6}$/)] });
const ResendDto = decorated(class ResendDto {}, {}, { challengeId: [IsUUID()] });
const RefreshDto = decorated(class RefreshDto {}, {}, { refreshToken: [Matches(/^[\da-f-]{36}\.[\w-]{43}$/)] });

module.exports = { User, OtpCode, Session, AuditLog, LoginDto, VerifyDto, ResendDto, RefreshDto };
