// The same account backend as a capable team writes it from the documentation: Nest on Express, ValidationPipe, TypeORM's entities and
// repositories, @nestjs/jwt with a string. No limit, no log line per request: it has what it needs to be fast, and less to do than ours.
const {
  Body,
  Controller,
  Get,
  HttpCode,
  Injectable,
  Module,
  Post,
  Req,
  UnauthorizedException,
  UseGuards,
  ValidationPipe,
} = require('@nestjs/common');
const { NestFactory } = require('@nestjs/core');
const { JwtModule, JwtService } = require('@nestjs/jwt');
const { ExpressAdapter } = require('@nestjs/platform-express');
const { TypeOrmModule } = require('@nestjs/typeorm');
const { announce } = require('./announce.cjs');
const { decorated } = require('./decorated.cjs');
const model = require('./usual-nest-model.cjs');
const { AuthService, SmsService } = require('./usual-nest-service.cjs');

const { DATABASE_URL, JWT_SECRET } = process.env;
const entities = [model.User, model.OtpCode, model.Session, model.AuditLog];
const clientOf = (request) => ({ ipAddress: request.ip, userAgent: request.get('user-agent')?.slice(0, 255) });

const AuthGuard = decorated(
  class AuthGuard {
    constructor(jwtService) {
      this.jwtService = jwtService;
    }

    async canActivate(context) {
      const request = context.switchToHttp().getRequest();
      const [type, token] = request.headers.authorization?.split(' ') ?? [];
      if (type !== 'Bearer') throw new UnauthorizedException();
      try {
        request.user = await this.jwtService.verifyAsync(token);
      } catch {
        throw new UnauthorizedException();
      }
      return true;
    }
  },
  { decorators: [Injectable()], takes: [JwtService] },
);

class AuthController {
  constructor(authService) {
    this.authService = authService;
  }

  login(body, request) {
    return this.authService.login(body, clientOf(request));
  }

  verify(body, request) {
    return this.authService.verify(body, clientOf(request));
  }

  refresh(body, request) {
    return this.authService.refresh(body, clientOf(request));
  }

  resend(body, request) {
    return this.authService.resend(body, clientOf(request));
  }
}
const post = (path, Dto) => ({
  decorators: [Post(path), HttpCode(200)],
  takes: [Dto, Object],
  parameters: { 0: Body(), 1: Req() },
});
decorated(
  AuthController,
  { decorators: [Controller('auth')], takes: [AuthService] },
  {
    login: post('login', model.LoginDto),
    verify: post('verify', model.VerifyDto),
    refresh: post('refresh', model.RefreshDto),
    resend: post('resend', model.ResendDto),
  },
);

const UsersController = decorated(
  class UsersController {
    constructor(authService) {
      this.authService = authService;
    }

    me(request) {
      return this.authService.me(request.user.sub);
    }
  },
  { decorators: [Controller('users')], takes: [AuthService] },
  { me: { decorators: [Get('me'), UseGuards(AuthGuard)], takes: [Object], parameters: { 0: Req() } } },
);

const AppModule = decorated(class AppModule {}, {
  decorators: [
    Module({
      imports: [
        TypeOrmModule.forRoot({
          type: 'postgres',
          url: DATABASE_URL,
          entities,
          synchronize: true,
          uuidExtension: 'pgcrypto',
          installExtensions: false,
          poolSize: 20,
        }),
        TypeOrmModule.forFeature(entities),
        JwtModule.register({ secret: JWT_SECRET, signOptions: { expiresIn: '1h' } }),
      ],
      controllers: [AuthController, UsersController],
      providers: [AuthService, SmsService],
    }),
  ],
});

async function main() {
  const app = await NestFactory.create(AppModule, new ExpressAdapter(), { logger: ['error', 'warn'] });
  app.set('trust proxy', 'loopback');
  app.useGlobalPipes(new ValidationPipe({ whitelist: true, transform: true }));
  await app.listen(0, '127.0.0.1');
  announce(app.getHttpServer());
}

void main();
