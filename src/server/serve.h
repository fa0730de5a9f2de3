#ifndef SERVER_SERVE_H
#define SERVER_SERVE_H

/* yimen serve ...: argv[0] is the verb. Returns the exit code. */
int serve(int argc, char **argv);

#endif
