/* ole32.dll: the task heap. */
#include "double.h"

void WINAPI CoTaskMemFree(LPVOID block);

void WINAPI CoTaskMemFree(LPVOID block)
{
    dbl_heap_free(DBL_TASK, block, __func__);
}
