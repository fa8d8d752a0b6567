/* JSON documents as trees: strict, for what the callers send must be right. */
#include <ctype.h>

#include "double.h"

#define DEEPEST 64

static struct dbl_json *parse_value(const char **at, int depth);

static void skip(const char **at)
{
    while (**at == ' ' || **at == '\t' || **at == '\n' || **at == '\r') {
        (*at)++;
    }
}

struct dbl_json *dbl_json_new(enum dbl_type type, const char *text)
{
    struct dbl_json *json = calloc(1, sizeof *json);
    json->type = type;
    json->text = text ? strdup(text) : NULL;
    return json;
}

void dbl_json_free(struct dbl_json *json)
{
    while (json) {
        struct dbl_json *next = json->next;
        dbl_json_free(json->first);
        free(json->name);
        free(json->text);
        free(json);
        json = next;
    }
}

static bool hex4(const char *at, uint32_t *value)
{
    *value = 0;
    for (int i = 0; i < 4; i++) {
        if (!isxdigit((unsigned char)at[i])) {
            return false;
        }
        int c = tolower((unsigned char)at[i]);
        *value = *value << 4 | (uint32_t)(c <= '9' ? c - '0' : c - 'a' + 10);
    }
    return true;
}

static char *put_utf8(char *out, uint32_t c)
{
    if (c < 0x80) {
        *out++ = (char)c;
    } else if (c < 0x800) {
        *out++ = (char)(0xC0 | c >> 6);
        *out++ = (char)(0x80 | (c & 0x3F));
    } else if (c < 0x10000) {
        *out++ = (char)(0xE0 | c >> 12);
        *out++ = (char)(0x80 | (c >> 6 & 0x3F));
        *out++ = (char)(0x80 | (c & 0x3F));
    } else {
        *out++ = (char)(0xF0 | c >> 18);
        *out++ = (char)(0x80 | (c >> 12 & 0x3F));
        *out++ = (char)(0x80 | (c >> 6 & 0x3F));
        *out++ = (char)(0x80 | (c & 0x3F));
    }
    return out;
}

static bool unescape(const char **in, char **out)
{
    static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
    char c = *(*in)++;
    const char *plain = c ? strchr(from, c) : NULL;
    if (plain) {
        *(*out)++ = to[plain - from];
        return true;
    }
    uint32_t unit, low;
    if (c != 'u' || !hex4(*in, &unit)) {
        return false;
    }
    *in += 4;
    if (unit >= 0xD800 && unit < 0xDC00 && (*in)[0] == '\\' && (*in)[1] == 'u' &&
        hex4(*in + 2, &low) && low >= 0xDC00 && low < 0xE000) {
        unit = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
        *in += 6;
    }
    *out = put_utf8(*out, unit);
    return unit != 0;
}

static char *parse_string(const char **at)
{
    if (**at != '"') {
        return NULL;
    }
    const char *in = *at + 1;
    char *text = malloc(strlen(in) + 1), *out = text;
    while (*in != '"') {
        bool good = (unsigned char)*in >= 0x20;
        if (good && *in == '\\') {
            in++;
            good = unescape(&in, &out);
        } else if (good) {
            *out++ = *in++;
        }
        if (!good) {
            free(text);
            return NULL;
        }
    }
    *out = 0;
    *at = in + 1;
    return text;
}

static struct dbl_json *parse_members(const char **at, int depth, enum dbl_type type)
{
    char end = type == DBL_OBJECT ? '}' : ']';
    struct dbl_json *json = dbl_json_new(type, NULL), **last = &json->first;
    (*at)++;
    skip(at);
    if (**at == end) {
        (*at)++;
        return json;
    }
    for (;;) {
        char *name = NULL;
        skip(at);
        if (type == DBL_OBJECT) {
            name = parse_string(at);
            skip(at);
            if (!name || **at != ':') {
                free(name);
                break;
            }
            (*at)++;
        }
        struct dbl_json *value = parse_value(at, depth + 1);
        if (!value) {
            free(name);
            break;
        }
        value->name = name;
        *last = value;
        last = &value->next;
        skip(at);
        char c = **at;
        if (c != ',' && c != end) {
            break;
        }
        (*at)++;
        if (c == end) {
            return json;
        }
    }
    dbl_json_free(json);
    return NULL;
}

static struct dbl_json *parse_word(const char **at, const char *word, enum dbl_type type)
{
    if (strncmp(*at, word, strlen(word)) != 0) {
        return NULL;
    }
    *at += strlen(word);
    return dbl_json_new(type, word);
}

static struct dbl_json *parse_number(const char **at)
{
    const char *start = *at, *in = start;
    in += *in == '-';
    if (!isdigit((unsigned char)*in)) {
        return NULL;
    }
    while (isdigit((unsigned char)*in) || (*in && strchr(".eE+-", *in))) {
        in++;
    }
    char *text = strndup(start, (size_t)(in - start));
    struct dbl_json *json = dbl_json_new(DBL_NUMBER, text);
    free(text);
    *at = in;
    return json;
}

static struct dbl_json *parse_value(const char **at, int depth)
{
    skip(at);
    if (depth > DEEPEST) {
        return NULL;
    }
    switch (**at) {
    case '{':
        return parse_members(at, depth, DBL_OBJECT);
    case '[':
        return parse_members(at, depth, DBL_ARRAY);
    case '"': {
        char *text = parse_string(at);
        if (!text) {
            return NULL;
        }
        struct dbl_json *json = dbl_json_new(DBL_STRING, text);
        free(text);
        return json;
    }
    case 't':
        return parse_word(at, "true", DBL_BOOL);
    case 'f':
        return parse_word(at, "false", DBL_BOOL);
    case 'n':
        return parse_word(at, "null", DBL_NULL);
    default:
        return parse_number(at);
    }
}

struct dbl_json *dbl_json_parse(const char *text)
{
    if (!text) {
        return NULL;
    }
    struct dbl_json *json = parse_value(&text, 0);
    skip(&text);
    if (json && *text) {
        dbl_json_free(json);
        return NULL;
    }
    return json;
}

struct dbl_json *dbl_json_get(const struct dbl_json *object, const char *name)
{
    if (!object || object->type != DBL_OBJECT) {
        return NULL;
    }
    struct dbl_json *member = object->first;
    while (member && strcmp(member->name, name) != 0) {
        member = member->next;
    }
    return member;
}

const char *dbl_json_string(const struct dbl_json *object, const char *name)
{
    const struct dbl_json *member = dbl_json_get(object, name);
    return member && member->type == DBL_STRING ? member->text : NULL;
}

bool dbl_json_true(const struct dbl_json *object, const char *name)
{
    const struct dbl_json *member = dbl_json_get(object, name);
    return member && member->type == DBL_BOOL && strcmp(member->text, "true") == 0;
}

struct dbl_json *dbl_json_clone(const struct dbl_json *json)
{
    struct dbl_json *copy = dbl_json_new(json->type, json->text), **last = &copy->first;
    copy->name = json->name ? strdup(json->name) : NULL;
    for (const struct dbl_json *child = json->first; child; child = child->next) {
        *last = dbl_json_clone(child);
        last = &(*last)->next;
    }
    return copy;
}

void dbl_json_append(struct dbl_json *array, struct dbl_json *value)
{
    struct dbl_json **last = &array->first;
    while (*last) {
        last = &(*last)->next;
    }
    *last = value;
}

void dbl_json_set(struct dbl_json *object, const char *name, struct dbl_json *value)
{
    for (struct dbl_json **at = &object->first; *at; at = &(*at)->next) {
        if (strcmp((*at)->name, name) == 0) {
            struct dbl_json *old = *at;
            *at = old->next;
            old->next = NULL;
            dbl_json_free(old);
            break;
        }
    }
    free(value->name);
    value->name = strdup(name);
    dbl_json_append(object, value);
}

static void write_string(FILE *out, const char *text)
{
    fputc('"', out);
    for (; *text; text++) {
        if (*text == '"' || *text == '\\') {
            fprintf(out, "\\%c", *text);
        } else if ((unsigned char)*text < 0x20) {
            fprintf(out, "\\u%04x", *text);
        } else {
            fputc(*text, out);
        }
    }
    fputc('"', out);
}

static void write_value(FILE *out, const struct dbl_json *json)
{
    if (json->type == DBL_STRING) {
        write_string(out, json->text);
        return;
    }
    if (json->type != DBL_ARRAY && json->type != DBL_OBJECT) {
        fputs(json->type == DBL_NULL ? "null" : json->text, out);
        return;
    }
    fputc(json->type == DBL_OBJECT ? '{' : '[', out);
    for (const struct dbl_json *child = json->first; child; child = child->next) {
        if (child->name) {
            write_string(out, child->name);
            fputc(':', out);
        }
        write_value(out, child);
        if (child->next) {
            fputc(',', out);
        }
    }
    fputc(json->type == DBL_OBJECT ? '}' : ']', out);
}

char *dbl_json_write(const struct dbl_json *json)
{
    char *text;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    write_value(out, json);
    fclose(out);
    return text;
}
