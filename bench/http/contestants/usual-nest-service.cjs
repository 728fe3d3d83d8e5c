// What the usual Nest server does: rows are found, changed and saved through repositories, in a transaction and under a lock where two
// of them change, as the documentation of TypeORM has it.
const { createHash, createHmac, randomBytes, randomInt, timingSafeEqual } = require('node:crypto');
const { HttpException, Injectable, UnauthorizedException } = require('@nestjs/common');
const { JwtService } = require('@nestjs/jwt');
const { InjectRepository } = require('@nestjs/typeorm');
const { compare } = require('bcrypt');
const { DataSource, Repository } = require('typeorm');
const { decorated } = require('./decorated.cjs');
const { AuditLog, OtpCode, Session, User } = require('./usual-nest-model.cjs');

const { SINK_URL, OTP_SECRET } = process.env;
const CODE_SECONDS = 300;
const RESEND_SECONDS = 30;
const SESSION_DAYS = 30;
const MAX_ATTEMPTS = 5;
const MAX_SENDS = 4;

const newCode = () => randomInt(1_000_000).toString().padStart(6, '0');
const codeHashOf = (code) => createHmac('sha256', OTP_SECRET).update(code).digest('hex');
const sha256 = (token) => createHash('sha256').update(token).digest('hex');
const newRefreshSecret = () => randomBytes(32).toString('base64url');
const isSame = (a, b) => timingSafeEqual(Buffer.from(a), Buffer.from(b));
const inSeconds = (seconds) => new Date(Date.now() + seconds * 1000);
const isOpen = (otp) => otp.consumedAt === null && otp.expiresAt > new Date() && otp.attempts < MAX_ATTEMPTS;
const locked = { mode: 'pessimistic_write' };

const SmsService = decorated(
  class SmsService {
    async send(to, text) {
      const response = await fetch(SINK_URL, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ to, text }),
      });
      if (!response.ok) throw new HttpException('the message could not be sent', 502);
    }
  },
  { decorators: [Injectable()] },
);

class AuthService {
  constructor(users, dataSource, jwtService, smsService) {
    Object.assign(this, { users, dataSource, jwtService, smsService });
  }

  async login({ phone, password }, client) {
    const user = await this.users.findOneBy({ phone });
    if (user === null || !user.isActive || !(await compare(password, user.passwordHash)))
      throw new UnauthorizedException('wrong phone or password');
    const code = newCode();
    const otp = await this.dataSource.transaction(async (manager) => {
      const made = manager.create(OtpCode, {
        userId: user.id,
        codeHash: codeHashOf(code),
        lastSentAt: new Date(),
        expiresAt: inSeconds(CODE_SECONDS),
      });
      await manager.save(made);
      await this.note(manager, 'otp_sent', user.id, client);
      return made;
    });
    await this.smsService.send(user.phone, `Your code is ${code}`);
    return { challengeId: otp.id, expiresIn: CODE_SECONDS };
  }

  async verify({ challengeId, code }, client) {
    const secret = newRefreshSecret();
    // A refusal is returned, not thrown: the attempt it counts has to stay.
    const made = await this.dataSource.transaction(async (manager) => {
      const otp = await manager.findOne(OtpCode, { where: { id: challengeId }, lock: locked });
      if (otp === null || !isOpen(otp)) return undefined;
      if (!isSame(codeHashOf(code), otp.codeHash)) {
        otp.attempts += 1;
        await manager.save(otp);
        await this.note(manager, 'otp_failed', otp.userId, client);
        return undefined;
      }
      const user = await manager.findOneBy(User, { id: otp.userId });
      if (user === null || !user.isActive) return undefined;
      otp.consumedAt = new Date();
      await manager.save(otp);
      user.lastLoginAt = new Date();
      await manager.save(user);
      const session = manager.create(Session, {
        userId: user.id,
        refreshTokenHash: sha256(secret),
        ...client,
        expiresAt: inSeconds(SESSION_DAYS * 86_400),
      });
      await manager.save(session);
      await this.note(manager, 'login', user.id, client);
      return { user, session };
    });
    if (made === undefined) throw new UnauthorizedException('wrong or expired code');
    return this.tokensOf(made, secret);
  }

  async refresh({ refreshToken }, client) {
    const [id, presented = ''] = refreshToken.split('.');
    const secret = newRefreshSecret();
    const renewed = await this.dataSource.transaction(async (manager) => {
      const session = await manager.findOne(Session, { where: { id }, lock: locked });
      if (session === null || session.revokedAt !== null || session.expiresAt < new Date()) return undefined;
      // A token that was replaced is with somebody else as well: nobody goes on with this session.
      if (!isSame(sha256(presented), session.refreshTokenHash)) {
        session.revokedAt = new Date();
        await manager.save(session);
        await this.note(manager, 'refresh_reused', session.userId, client);
        return undefined;
      }
      const user = await manager.findOneBy(User, { id: session.userId });
      if (user === null || !user.isActive) return undefined;
      Object.assign(session, { refreshTokenHash: sha256(secret), ...client });
      await manager.save(session);
      await this.note(manager, 'refresh', user.id, client);
      return { user, session };
    });
    if (renewed === undefined) throw new UnauthorizedException('invalid refresh token');
    return this.tokensOf(renewed, secret);
  }

  async resend({ challengeId }, client) {
    const code = newCode();
    const user = await this.dataSource.transaction(async (manager) => {
      const otp = await manager.findOne(OtpCode, { where: { id: challengeId }, lock: locked });
      if (otp === null || !isOpen(otp)) throw new UnauthorizedException('sign in again');
      if (otp.sends >= MAX_SENDS || otp.lastSentAt > inSeconds(-RESEND_SECONDS))
        throw new HttpException('too many messages', 429);
      Object.assign(otp, { codeHash: codeHashOf(code), sends: otp.sends + 1, lastSentAt: new Date() });
      await manager.save(otp);
      await this.note(manager, 'otp_sent', otp.userId, client);
      return manager.findOneByOrFail(User, { id: otp.userId });
    });
    await this.smsService.send(user.phone, `Your code is ${code}`);
    return { challengeId, expiresIn: CODE_SECONDS };
  }

  async me(userId) {
    const user = await this.users.findOneBy({ id: userId });
    if (user === null || !user.isActive) throw new UnauthorizedException();
    return profileOf(user);
  }

  async note(manager, event, userId, { ipAddress }) {
    await manager.save(manager.create(AuditLog, { event, userId, ipAddress }));
  }

  async tokensOf({ user, session }, secret) {
    const accessToken = await this.jwtService.signAsync({ sub: user.id, sid: session.id });
    return { accessToken, refreshToken: `${session.id}.${secret}`, user: profileOf(user) };
  }
}

const profileOf = ({ id, phone, createdAt }) => ({ id, phone, createdAt });

decorated(AuthService, {
  decorators: [Injectable()],
  takes: [Repository, DataSource, JwtService, SmsService],
  parameters: { 0: InjectRepository(User) },
});

module.exports = { AuthService, SmsService };
