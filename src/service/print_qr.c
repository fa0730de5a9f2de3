/* print_qr.c - the one place that asks libqrencode. */
#include <qrencode.h>
#include <string.h>

#include "service/print_internal.h"

PrintQr print_qr(Arena *arena, const char *text)
{
    PrintQr out = {0};
    QRcode *code = *text ? QRcode_encodeString8bit(text, 0, QR_ECLEVEL_M) : NULL;
    if (!code)
        return out;
    size_t count = (size_t)code->width * (size_t)code->width;
    unsigned char *dark = arena_alloc(arena, count);
    for (size_t i = 0; i < count; i++)
        dark[i] = code->data[i] & 1;
    out = (PrintQr){.size = code->width, .dark = dark};
    QRcode_free(code);
    return out;
}
