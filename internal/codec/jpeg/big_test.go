package jpeg
import ("testing";"os";"fmt";"image")
func BenchmarkBig(b *testing.B){
 for _,f:=range []string{"big","bigp","bigr"} {
  data,err:=os.ReadFile("/tmp/a_img/"+f+".jpg"); if err!=nil {b.Skip()}
  for _,s:=range scales {
   b.Run(fmt.Sprint(f,s),func(b *testing.B){ benchmark(b,[][]byte{data},s,Header.whole)})
  }
  b.Run(f+"crop",func(b *testing.B){ benchmark(b,[][]byte{data},4,func(h Header) image.Rectangle{return image.Rect(1000,1000,2000,2000)})})
 }
}
