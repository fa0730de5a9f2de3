#ifndef BASE_LOG_H
#define BASE_LOG_H

/*
 * Log: one line of JSON per event on stderr, without personal data.
 *
 * Libraries and engines never log; they return errors. Only service, web and server do.
 */
typedef enum LogLevel { LOG_DEBUG, LOG_INFO, LOG_WARNING, LOG_ERROR } LogLevel;

/* Lowest level that is written; LOG_INFO at start. Set once, before threads start. */
void log_set_level(LogLevel level);

/* event is a stable name ("writer.rollback"); the rest is a short English text for operators. */
void log_event(LogLevel level, const char *event, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

#endif
